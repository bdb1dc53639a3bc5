import * as authoring from './authoring.graphql.js';
import * as governance from './governance.graphql.js';
import * as grading from './grading.graphql.js';
import * as identity from './identity.graphql.js';
import * as learning from './learning.graphql.js';
import * as models from './models.graphql.js';
import * as training from './training.graphql.js';
import * as scans from './scans.graphql.js';
import type { Operation } from './operation.js';
import * as school from './school.graphql.js';
import * as steering from './steering.graphql.js';
import * as trust from './trust.graphql.js';
import * as tutoring from './tutoring.graphql.js';

export type { ActivityVersionView } from './authoring.graphql.js';
export type { ConsentDecision, SensingAnswer } from './governance.graphql.js';
export type {
  AssignmentDetails,
  AssignmentOutline,
  PreviewedGrade,
  RegradePreviewView,
  RegradeRequestView,
  ReviewCommentView,
  ReviewGroupView,
  ReviewOutcome,
  ScoreView,
  SubmissionDetails,
  SubmissionView,
} from './grading.graphql.js';
export type { Connection, CourseOutline, SkillNode, TaughtActivity } from './learning.graphql.js';
export type { GateLineView, ModelView } from './models.graphql.js';
export type {
  BoxView,
  DatasetImportView,
  DatasetView,
  ImageOutcomeView,
  LabelCountView,
  LabelledImageView,
  ProgressLineView,
  RunDetails,
} from './training.graphql.js';
export type { ScanBatchDetails, ScanBatchView, ScanOutcomeView, ScanPageView, ScanWorkView } from './scans.graphql.js';
export type { AccommodationsView, ApiKeyView, PersonView } from './school.graphql.js';
export type {
  ControlDueDateView,
  ControlPinView,
  ControlsInput,
  ControlsView,
  CoursePolicyView,
  PolicyPlanView,
  PolicyReference,
} from './steering.graphql.js';
export type { AgreementView, CertificationView } from './trust.graphql.js';
export type {
  ActivityForLearner,
  AlternativeActivity,
  AnswerInput,
  CounterfactualView,
  DecisionView,
  MasteryOfSkill,
  OfferExplanationView,
  OfferOfHelp,
  RecommendedActivity,
  SessionOutline,
} from './tutoring.graphql.js';
export { operation, type Operation } from './operation.js';

/** Every operation that apps built on this library send; docs/persisted-operations.json is generated from it. */
export const operations = {
  ...identity,
  ...learning,
  ...grading,
  ...scans,
  ...trust,
  ...models,
  ...training,
  ...school,
  ...tutoring,
  ...steering,
  ...authoring,
  ...governance,
} satisfies Record<string, Pick<Operation<never, never>, 'name' | 'document'>>;
