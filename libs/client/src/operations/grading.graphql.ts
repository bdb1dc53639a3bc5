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
  readonly picture: string | null;
  readonly learner: { readonly id: string; readonly name: string } | null;
  readonly scores: readonly ScoreView[];
}

const score = `id source total maximum confidence flags
  criteria { criterionId label points awarded confidence error overridden }`;
const submissionFields = `id state picture learner { id name } scores { ${score} }`;

/** The visual assignments of a course. */
export const assignments = operation<
  { assignments: { readonly edges: readonly { readonly node: AssignmentOutline }[] } },
  { courseId: string }
>(`query Assignments($courseId: UUID!) {
    assignments(courseId: $courseId, first: 100) { edges { node { id activityId activityVersion title open } } }
  }`);

/** Handed-in work with its scores: one's own, or a learner's of one's course. */
export const submission = operation<{ submission: SubmissionView }, { id: string }>(
  `query Submission($id: UUID!) { submission(id: $id) { ${submissionFields} } }`,
);

/** Work that waits for a teacher, the oldest first. */
export const reviewQueue = operation<
  {
    reviewQueue: {
      readonly edges: readonly { readonly node: SubmissionView }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    };
  },
  { courseId: string; first: number; after: string | null }
>(`query ReviewQueue($courseId: UUID!, $first: Int!, $after: String) {
    reviewQueue(courseId: $courseId, first: $first, after: $after) {
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
