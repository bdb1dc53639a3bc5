export type { Estimate } from './bootstrap.js';
export {
  evaluatePolicy,
  type EvaluatePolicyOptions,
  type PolicyEvaluation,
  type PolicyEvaluationOutcome,
} from './evaluate-policy.js';
export type { EvaluationWarning, Overlap } from './evaluation-warnings.js';
export type { LoggedCandidate, LoggedDecision } from './logged-decision.js';
export { replayDecision, type Replay, type StoredDraw } from './replay.js';
export { targetProbabilities, utilitiesOf, type TargetPolicy } from './target-policy.js';
