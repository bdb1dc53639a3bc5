import { seededRng } from '#libs/kernel';
import { evaluatePolicy, policies, type EvaluationWarning, type PolicyEvaluation } from '#libs/recommendation';
import { EXIT_CODE } from '../shell/exit-code.js';
import { DecisionLogError, readDecisionLog } from './decision-log.js';
import type { PolicyFlags } from './policy-flags.js';
import { findTarget } from './target-names.js';

/** Reads a log, evaluates and prints; resolves to the exit code. */
export async function runEvaluatePolicy(flags: PolicyFlags): Promise<number> {
  const target = findTarget(flags);
  if (target === null) {
    const names = policies.map(({ name, version }) => `${name}@${version}`);
    return refuse(`There is no policy "${flags.policy}". There are logged, uniform, ${names.join(', ')}.`);
  }
  try {
    const decisions = await readDecisionLog(flags.log);
    const outcome = evaluatePolicy(decisions, target, { rng: seededRng(flags.seed), repeats: flags.repeats });
    switch (outcome.kind) {
      case 'no-decisions':
        return refuse(`${flags.log}: has no decisions.`);
      case 'unknown-target':
        return refuse(
          `${flags.log}, decision ${outcome.decisionId}: ` +
            (target.kind === 'logged'
              ? 'has no target; add it, or name a policy.'
              : 'has no utilities; add them to the candidates, or temperature and epsilon to its policy.'),
        );
      case 'evaluated':
        console.log(flags.json ? JSON.stringify(outcome, null, 2) : formatPolicyEvaluation(outcome));
        return 0;
    }
  } catch (error) {
    if (!(error instanceof DecisionLogError)) throw error;
    return refuse(error.message);
  }
}

function refuse(sentence: string): number {
  console.error(`  ${sentence}`);
  return EXIT_CODE.settings;
}

/** The figures for people. */
export function formatPolicyEvaluation(evaluation: PolicyEvaluation): string {
  const { logged, ips, snips, doublyRobust, improvement, warnings } = evaluation;
  const estimates = [
    ['what was done', logged],
    ['IPS', ips],
    ['SNIPS', snips],
    ['doubly robust', doublyRobust],
    ['improvement', improvement],
  ] as const;
  const width = Math.max(...estimates.map(([, { value }]) => value.toFixed(4).length));
  return [
    '',
    `  ${'reward a decision'.padEnd(20)}${'estimate'.padStart(width)}   95 %`,
    ...estimates.map(
      ([name, { value, low, high }]) =>
        `  ${name.padEnd(20)}${value.toFixed(4).padStart(Math.max(8, width))}   ${low.toFixed(4)} to ${high.toFixed(4)}`,
    ),
    '',
    `  ${evaluation.decisions} decisions of ${evaluation.learners} learners, as telling as ${Math.round(evaluation.effectiveSampleSize)} of the policy’s own;`,
    `  mean weight ${evaluation.meanWeight.toFixed(3)}, the heaviest has ${percent(evaluation.largestWeightShare)} of all weight.`,
    ...warnings.flatMap((warning) => ['', `  Beware: ${wordsFor(warning)}`]),
    '',
  ].join('\n');
}

function wordsFor(warning: EvaluationWarning): string {
  switch (warning.code) {
    case 'no-overlap':
      return `${percent(warning.unsupported)} of what this policy would do was never tried. Nothing here says what that would earn.`;
    case 'few-effective-decisions':
      return `the log tells as little as ${Math.round(warning.effectiveSampleSize)} decisions would. Log more, or ask about a policy nearer to it.`;
    case 'one-decision-weighs-too-much':
      return `one decision has ${percent(warning.largestWeightShare)} of all weight. The estimate hangs on it.`;
    case 'weights-are-off':
      return `the weights are ${warning.meanWeight.toFixed(3)} on average, and should be 1: the probabilities in the log are not those by which was chosen.`;
    case 'few-learners':
      return `there are ${warning.learners} learners only. The intervals are too narrow.`;
  }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
