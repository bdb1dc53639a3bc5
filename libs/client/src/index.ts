export { AttuneClient, type AttuneClientOptions } from './attune-client.js';
export { AttuneFailure } from './attune-failure.js';
export { AttuneSocket, type SocketState } from './attune-socket.js';
export {
  LearningSession,
  type Activity,
  type AnswerOptions,
  type Offer,
  type Recommendation,
  type SkillMastery,
} from './learning-session.js';
export { newId } from './new-id.js';
export {
  operation,
  operations,
  type AccommodationsView,
  type ActivityForLearner,
  type ActivityVersionView,
  type AnswerInput,
  type ApiKeyView,
  type AssignmentDetails,
  type AssignmentOutline,
  type Connection,
  type ConsentDecision,
  type CourseOutline,
  type GateLineView,
  type MasteryOfSkill,
  type DatasetImportView,
  type DatasetView,
  type ImageOutcomeView,
  type LabelledImageView,
  type ProgressLineView,
  type RunDetails,
  type ModelView,
  type OfferOfHelp,
  type Operation,
  type RecommendedActivity,
  type ScoreView,
  type SessionOutline,
  type SkillNode,
  type SubmissionView,
  type AgreementView,
  type CertificationView,
  type TaughtActivity,
} from './operations/index.js';
export type { TokenPair } from './token-keeper.js';
