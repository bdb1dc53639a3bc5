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
  /** What became of each score, and why it waits for a teacher; empty for learners. */
  readonly decisions: readonly { readonly scoreId: string; readonly outcome: string; readonly reason: string | null }[];
}

const assignmentFields = 'id activityId activityVersion title open';
const score = `id source total maximum confidence flags
  report { labels examples accuracy confusion byLabel { label examples precision recall f1 } weakest
    mostConfused { given instead examples of } }
  criteria { criterionId label points awarded confidence error overridden }`;
const submissionFields = `id state picture failureDetail learner { id name } scores { ${score} }
  decisions { scoreId outcome reason }`;

/** The visual assignments of a course. */
export const assignments = operation<
  { assignments: { readonly edges: readonly { readonly node: AssignmentOutline }[] } },
  { courseId: string }
>(`query Assignments($courseId: UUID!) {
    assignments(courseId: $courseId, first: 100) { edges { node { ${assignmentFields} } } }
  }`);

/** Handed-in work with its scores: one's own, or a learner's of one's course. */
export const submission = operation<{ submission: SubmissionView }, { id: string }>(
  `query Submission($id: UUID!) { submission(id: $id) { ${submissionFields} } }`,
);

/** Work that waits for a teacher, the oldest first. */
export const reviewQueue = operation<
  { reviewQueue: Connection<SubmissionView> },
  { courseId: string; first: number; after: string | null }
>(`query ReviewQueue($courseId: UUID!, $first: Int!, $after: String) {
    reviewQueue(courseId: $courseId, first: $first, after: $after) {
      edges { node { ${submissionFields} } } pageInfo { hasNextPage endCursor }
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

/** Settles a score: confirms it, or overrides criteria with a reason. */
export const reviewSubmission = operation<
  { reviewSubmission: Outcome<'ReviewedSubmission', { resent: boolean; score: ScoreView }> },
  {
    input: {
      id: string;
      submissionId: string;
      overrides?: readonly { criterionId: string; awarded: number }[];
      reason?: string | null;
    };
  }
>(`mutation ReviewSubmission($input: ReviewSubmissionInput!) {
    reviewSubmission(input: $input) { __typename ... on ReviewedSubmission { resent score { ${score} } } ${refusal} }
  }`);

/** What is set: its stakes, who releases scores, and dates as well; times are texts in RFC 3339. */
export interface AssignmentDetails extends AssignmentOutline {
  readonly stakes: string;
  readonly release: string;
  readonly opensAt: string | null;
  readonly dueAt: string | null;
  readonly closedAt: string | null;
  /** Of a project, the path of its images. */
  readonly handOut: string | null;
}

const assignmentDetails = `${assignmentFields} stakes release opensAt dueAt closedAt handOut`;

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
