import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

export interface AssignmentOutline {
  readonly id: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly title: string;
  readonly open: boolean;
}

export interface ScoreView {
  readonly id: string;
  readonly source: string;
  /** Whether a teacher took it back; such a score is shown to teachers only. */
  readonly withdrawn: boolean;
  readonly total: number;
  readonly maximum: number;
  readonly confidence: number;
  readonly flags: readonly string[];
  /** Of a project: how its predictions fell on the hidden test images. */
  readonly report: {
    readonly labels: readonly string[];
    readonly examples: number;
    readonly accuracy: number;
    /** Images of each label (row) that were given each label (column). */
    readonly confusion: readonly (readonly number[])[];
    readonly byLabel: readonly {
      readonly label: string;
      readonly examples: number;
      readonly precision: number | null;
      readonly recall: number | null;
      readonly f1: number | null;
    }[];
    readonly weakest: string | null;
    readonly mostConfused: readonly { given: string; instead: string; examples: number; of: number }[];
  } | null;
  readonly criteria: readonly {
    readonly criterionId: string;
    readonly label: string;
    readonly points: number;
    readonly awarded: number;
    readonly confidence: number;
    readonly error: string | null;
    readonly overridden: boolean;
  }[];
}

export interface SubmissionView {
  readonly id: string;
  readonly state: string;
  /** Path of the picture or file. */
  readonly picture: string | null;
  /** What was wrong with a file that could not be graded, in words. */
  readonly failureDetail: string | null;
  readonly learner: { readonly id: string; readonly name: string } | null;
  readonly scores: readonly ScoreView[];
  readonly regradeRequests: readonly Pick<RegradeRequestView, 'state'>[];
}

/** What a teacher says of a work with her review. */
export interface ReviewCommentView {
  /** Null where it is about the whole. */
  readonly criterionId: string | null;
  readonly text: string;
  /** What she has drawn, in pixels of the picture. */
  readonly shape: unknown;
}

/** One work with everything that is told of it. */
export interface SubmissionDetails extends SubmissionView {
  readonly scores: readonly (ScoreView & {
    readonly reason: string | null;
    readonly comments: readonly ReviewCommentView[];
  })[];
  readonly regradeRequests: readonly RegradeRequestView[];
  /** What became of each score, and why it waits for a teacher; empty for learners. */
  readonly decisions: readonly { readonly scoreId: string; readonly outcome: string; readonly reason: string | null }[];
}

/** A learner asks for a score to be looked at again. */
export interface RegradeRequestView {
  readonly id: string;
  readonly scoreId: string;
  readonly reason: string;
  readonly state: 'open' | 'answered' | 'declined';
  /** Why it was declined. */
  readonly answer: string | null;
}

const assignmentFields = 'id activityId activityVersion title open';
const score = `id source withdrawn total maximum confidence flags
  report { labels examples accuracy confusion byLabel { label examples precision recall f1 } weakest
    mostConfused { given instead examples of } }
  criteria { criterionId label points awarded confidence error overridden }`;
const regradeRequest = 'id scoreId reason state answer';
// A page of a hundred has to stay below the limit of the cost of an operation.
const submissionFields = `id state picture failureDetail learner { id name } scores { ${score} } regradeRequests { state }`;
const submissionDetails = `id state picture failureDetail learner { id name }
  scores { ${score} reason comments { criterionId text shape } }
  regradeRequests { ${regradeRequest} } decisions { scoreId outcome reason }`;

/** The visual assignments of a course. */
export const assignments = operation<
  { assignments: { readonly edges: readonly { readonly node: AssignmentOutline }[] } },
  { courseId: string }
>(`query Assignments($courseId: UUID!) {
    assignments(courseId: $courseId, first: 100) { edges { node { ${assignmentFields} } } }
  }`);

/** Handed-in work with its scores: one's own, or a learner's of one's course. */
export const submission = operation<{ submission: SubmissionDetails }, { id: string }>(
  `query Submission($id: UUID!) { submission(id: $id) { ${submissionDetails} } }`,
);

/** Work that waits for a teacher, the most valuable look first. */
export const reviewQueue = operation<
  { reviewQueue: Connection<SubmissionView> },
  { courseId: string; first: number; after: string | null }
>(`query ReviewQueue($courseId: UUID!, $first: Int!, $after: String) {
    reviewQueue(courseId: $courseId, first: $first, after: $after) {
      edges { node { ${submissionFields} } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** Works of one assignment in which the same was found. */
export interface ReviewGroupView {
  readonly id: string;
  readonly size: number;
  readonly value: number;
  readonly confidence: number | null;
  readonly assignment: { readonly id: string; readonly title: string };
  readonly findings: readonly {
    readonly criterionId: string;
    readonly error: string | null;
    readonly awarded: number;
  }[];
  readonly flags: readonly string[];
  readonly example: { readonly id: string; readonly picture: string | null };
  /** What `confirmReviews` takes, with an id for each. */
  readonly confirmable: readonly { readonly submissionId: string; readonly scoreId: string }[];
}

/** What waits for a teacher, in groups of like works. */
export const reviewGroups = operation<
  { reviewGroups: Connection<ReviewGroupView> },
  { courseId: string; first: number; after: string | null }
>(`query ReviewGroups($courseId: UUID!, $first: Int!, $after: String) {
    reviewGroups(courseId: $courseId, first: $first, after: $after) {
      edges { node { id size value confidence assignment { id title } findings { criterionId error awarded } flags
        example { id picture } confirmable { submissionId scoreId } } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** Work that was handed in, the latest first: one's own, or that of a course that one teaches. */
export const submissions = operation<
  { submissions: Connection<SubmissionView> },
  { courseId: string; assignmentId?: string | null; learnerId?: string | null; first: number; after: string | null }
>(`query Submissions($courseId: UUID!, $assignmentId: UUID, $learnerId: UUID, $first: Int!, $after: String) {
    submissions(courseId: $courseId, assignmentId: $assignmentId, learnerId: $learnerId, first: $first, after: $after) {
      edges { node { ${submissionFields} } } pageInfo { hasNextPage endCursor }
    }
  }`);

/** What a specification would make of one work. */
export interface PreviewedGrade {
  readonly submissionId: string | null;
  readonly total: number | null;
  readonly maximum: number | null;
  readonly confidence: number | null;
  readonly flags: readonly string[];
  /** Why no program could grade it. */
  readonly failure: string | null;
  readonly failureDetail: string | null;
  readonly criteria: ScoreView['criteria'];
}

/** Tries a specification on up to five works, and stores nothing; for teachers. */
export const previewGrade = operation<
  { previewGrade: readonly PreviewedGrade[] },
  {
    input: {
      courseId: string;
      specification: unknown;
      works: readonly { marks?: unknown; submissionId?: string | null }[];
    };
  }
>(`query PreviewGrade($input: PreviewGradeInput!) {
    previewGrade(input: $input) { submissionId total maximum confidence flags failure failureDetail
      criteria { criterionId label points awarded confidence error overridden } }
  }`);

/** Learns from outlined pictures what to count: the `classifier` of a criterion of `lab-photo`; for teachers. */
export const pixelClassifier = operation<
  { pixelClassifier: unknown },
  {
    input: {
      courseId: string;
      pictures: readonly {
        fileId?: string | null;
        submissionId?: string | null;
        outlines: readonly (readonly (readonly [number, number])[])[];
      }[];
    };
  }
>('query PixelClassifier($input: PixelClassifierInput!) { pixelClassifier(input: $input) }');

/** Settles a score: confirms it, or overrides criteria with a reason. */
export const reviewSubmission = operation<
  { reviewSubmission: Outcome<'ReviewedSubmission', { resent: boolean; score: ScoreView }> },
  {
    input: {
      id: string;
      submissionId: string;
      overrides?: readonly { criterionId: string; awarded: number }[];
      reason?: string | null;
      comments?: readonly { criterionId?: string | null; text: string; shape?: unknown }[] | null;
    };
  }
>(`mutation ReviewSubmission($input: ReviewSubmissionInput!) {
    reviewSubmission(input: $input) { __typename ... on ReviewedSubmission { resent score { ${score} } } ${refusal} }
  }`);

/** What became of one review of many. */
export interface ReviewOutcome {
  readonly id: string;
  readonly submissionId: string;
  readonly resent: boolean;
  /** Why it was refused; null where it was done. */
  readonly code: string | null;
  readonly message: string | null;
}

const outcomes = '... on ReviewOutcomes { outcomes { id submissionId resent code message } }';

/** Settles up to a hundred scores as they are; each has an outcome of its own. */
export const confirmReviews = operation<
  { confirmReviews: Outcome<'ReviewOutcomes', { outcomes: readonly ReviewOutcome[] }> },
  { input: { courseId: string; confirmations: readonly { id: string; submissionId: string; scoreId: string }[] } }
>(`mutation ConfirmReviews($input: ConfirmReviewsInput!) {
    confirmReviews(input: $input) { __typename ${outcomes} ${refusal} }
  }`);

/** Takes up to a hundred reviews back; each has an outcome of its own. */
export const withdrawReviews = operation<
  { withdrawReviews: Outcome<'ReviewOutcomes', { outcomes: readonly ReviewOutcome[] }> },
  {
    input: {
      courseId: string;
      withdrawals: readonly { id: string; submissionId: string; reviewId: string }[];
      reason?: string | null;
    };
  }
>(`mutation WithdrawReviews($input: WithdrawReviewsInput!) {
    withdrawReviews(input: $input) { __typename ${outcomes} ${refusal} }
  }`);

/** Asks the teacher to look at a score again, once for each score. */
export const requestRegrade = operation<
  { requestRegrade: Outcome<'RegradeRequest', RegradeRequestView> },
  { input: { id: string; submissionId: string; scoreId: string; reason: string } }
>(`mutation RequestRegrade($input: RequestRegradeInput!) {
    requestRegrade(input: $input) { __typename ... on RegradeRequest { ${regradeRequest} } ${refusal} }
  }`);

/** Lets a score stand that a learner has asked about; for teachers. */
export const declineRegrade = operation<
  { declineRegrade: Outcome<'RegradeRequest', RegradeRequestView> },
  { input: { requestId: string; reason: string } }
>(`mutation DeclineRegrade($input: DeclineRegradeInput!) {
    declineRegrade(input: $input) { __typename ... on RegradeRequest { ${regradeRequest} } ${refusal} }
  }`);

/** What grading anew would do to the works of an assignment. */
export interface RegradePreviewView {
  readonly works: number;
  readonly kept: number;
  readonly tried: number;
  readonly affected: number;
  readonly higher: number;
  readonly lower: number;
  readonly ungraded: number;
  /** Of the share of the points, −1 to 1. */
  readonly meanChange: number;
  readonly changes: readonly {
    readonly submissionId: string;
    readonly before: number | null;
    readonly maximumBefore: number | null;
    readonly after: number | null;
    readonly maximumAfter: number | null;
    readonly change: number | null;
  }[];
}

/** Whom it would affect if the works of an assignment were graded anew; for teachers. */
export const previewRegrade = operation<
  { previewRegrade: RegradePreviewView },
  { input: { assignmentId: string; activityVersion: number; includeReviewed?: boolean | null } }
>(`query PreviewRegrade($input: PreviewRegradeInput!) {
    previewRegrade(input: $input) { works kept tried affected higher lower ungraded meanChange
      changes { submissionId before maximumBefore after maximumAfter change } }
  }`);

/** Moves an assignment to a version of its activity, and has its works graded anew; for teachers. */
export const regradeAssignment = operation<
  { regradeAssignment: Outcome<'Regrade', { id: string; fromVersion: number; toVersion: number; works: number }> },
  { input: { id: string; assignmentId: string; activityVersion: number; includeReviewed?: boolean | null } }
>(`mutation RegradeAssignment($input: RegradeAssignmentInput!) {
    regradeAssignment(input: $input) { __typename ... on Regrade { id fromVersion toVersion works } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** What is set: its stakes, who releases scores, and dates as well; times are texts in RFC 3339. */
export interface AssignmentDetails extends AssignmentOutline {
  readonly stakes: string;
  readonly release: string;
  readonly opensAt: string | null;
  readonly dueAt: string | null;
  /** One's own due date, where one was given more time. */
  readonly extendedTo: string | null;
  readonly closedAt: string | null;
  /** Whether teachers see aliases in place of learners, until these are revealed. */
  readonly anonymous: boolean;
  readonly revealedAt: string | null;
  /** Of a project, the path of its images. */
  readonly handOut: string | null;
}

const assignmentDetails = `${assignmentFields} stakes release opensAt dueAt extendedTo closedAt anonymous revealedAt handOut`;

/** One assignment of a course of one's own. */
export const assignment = operation<{ assignment: AssignmentDetails }, { id: string }>(
  `query Assignment($id: UUID!) { assignment(id: $id) { ${assignmentDetails} } }`,
);

/** Sets a visual assignment; for teachers. */
export const createAssignment = operation<
  { createAssignment: Outcome<'Assignment', AssignmentDetails> },
  {
    input: {
      id: string;
      courseId: string;
      activityId: string;
      title: string;
      stakes?: 'practice' | 'graded' | null;
      release?: 'teacher' | 'certified' | null;
      opensAt?: string | null;
      dueAt?: string | null;
      anonymous?: boolean | null;
    };
  }
>(`mutation CreateAssignment($input: CreateAssignmentInput!) {
    createAssignment(input: $input) { __typename ... on Assignment { ${assignmentDetails} } ${refusal} }
  }`);

/** Changes title, stakes, who releases scores, and dates; for teachers. */
export const updateAssignment = operation<
  { updateAssignment: Outcome<'Assignment', AssignmentDetails> },
  {
    input: {
      id: string;
      title?: string | null;
      stakes?: 'practice' | 'graded' | null;
      release?: 'teacher' | 'certified' | null;
      opensAt?: string | null;
      dueAt?: string | null;
    };
  }
>(`mutation UpdateAssignment($input: UpdateAssignmentInput!) {
    updateAssignment(input: $input) { __typename ... on Assignment { ${assignmentDetails} } ${refusal} }
  }`);

/** Takes no more work from now on; for teachers. */
export const closeAssignment = operation<
  { closeAssignment: Outcome<'Assignment', AssignmentDetails> },
  { id: string }
>(`mutation CloseAssignment($id: UUID!) {
    closeAssignment(id: $id) { __typename ... on Assignment { ${assignmentDetails} } ${refusal} }
  }`);

/** Shows teachers who handed in what for an anonymous assignment, for good; for teachers. */
export const revealLearners = operation<
  { revealLearners: Outcome<'Assignment', AssignmentDetails> },
  { assignmentId: string }
>(`mutation RevealLearners($assignmentId: UUID!) {
    revealLearners(assignmentId: $assignmentId) { __typename ... on Assignment { ${assignmentDetails} } ${refusal} }
  }`);

/** Gives a learner more time for an assignment, or takes that away; for teachers. */
export const grantExtension = operation<
  {
    grantExtension: Outcome<
      'Assignment',
      { id: string; extensions: readonly { learnerId: string; dueAt: string; grantedAt: string }[] }
    >;
  },
  { input: { assignmentId: string; learnerId: string; dueAt: string | null } }
>(`mutation GrantExtension($input: GrantExtensionInput!) {
    grantExtension(input: $input) { __typename ... on Assignment { id extensions { learnerId dueAt grantedAt } } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** Hands work in. */
export const submitWork = operation<
  { submitWork: Outcome<'SubmittedWork', { submissionId: string; state: string; resent: boolean }> },
  { input: { id: string; assignmentId: string; marks: unknown; fileId?: string | null; at: string } }
>(`mutation SubmitWork($input: SubmitWorkInput!) {
    submitWork(input: $input) { __typename ... on SubmittedWork { submissionId state resent } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** Gives the next hint on a criterion that lost points. */
export const requestWorkHint = operation<
  { requestWorkHint: Outcome<'WorkHint', { hintId: string; step: number; steps: number; text: string }> },
  { input: { id: string; submissionId: string; criterionId: string; at: string } }
>(`mutation RequestWorkHint($input: RequestWorkHintInput!) {
    requestWorkHint(input: $input) { __typename ... on WorkHint { hintId step steps text } ${refusal} }
  }`);
