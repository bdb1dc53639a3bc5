import type { Connection } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** A learner of the course. */
export interface ClassMemberView {
  readonly id: string;
  readonly name: string;
}

/** One page of scans. */
export interface ScanPageView {
  readonly id: string;
  /** As it came, from 1. */
  readonly number: number;
  /** Of a file in a zip. */
  readonly path: string | null;
  /** Path of its picture; needs the token too. */
  readonly picture: string;
  readonly kind: 'work' | 'blank' | 'cover';
  /** Degrees clockwise from how it came. */
  readonly turn: number;
  readonly position: number;
  /** Whose it is; null where nobody has said it, and nothing was sure enough. */
  readonly learner: ClassMemberView | null;
  /** Whose it is thought to be, why, and how sure that is (0–1). */
  readonly proposed: ClassMemberView | null;
  readonly reason: string | null;
  readonly confidence: number | null;
}

/** Work that was handed in for a learner from scans. */
export interface ScanWorkView {
  readonly submissionId: string;
  readonly learnerId: string;
  readonly publishedAt: string;
  /** Null while it stands. */
  readonly withdrawnAt: string | null;
  readonly withdrawnFor: string | null;
}

/** The scanned sheets of a class that were uploaded to `/scans/uploads`, and how far they are. */
export interface ScanBatchView {
  readonly id: string;
  readonly assignmentId: string;
  readonly state: 'waiting' | 'reading' | 'ready' | 'failed';
  readonly format: 'zip' | 'pdf' | null;
  readonly matchBy: 'names' | 'order' | null;
  readonly pagesPerLearner: number;
  /** Pages or files in it; null until it was opened. */
  readonly found: number | null;
  readonly taken: number;
  readonly refused: number;
  readonly refusals: readonly { readonly path: string; readonly code: string; readonly message: string }[];
  /** Why all of it failed. */
  readonly failureCode: string | null;
  readonly failureMessage: string | null;
  readonly heldAt: string | null;
  readonly holdReason: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

/** The same with its pages, in order, and what came of them. */
export interface ScanBatchDetails extends ScanBatchView {
  readonly pages: readonly ScanPageView[];
  readonly works: readonly ScanWorkView[];
  /** Learners of the course without a page. */
  readonly withoutPage: readonly ClassMemberView[];
}

/** What became of the work of one learner. */
export interface ScanOutcomeView {
  readonly learnerId: string;
  readonly submissionId: string | null;
  readonly resent: boolean;
  readonly code: string | null;
  readonly message: string | null;
}

const batchFields = `id assignmentId state format matchBy pagesPerLearner found taken refused
  refusals { path code message } failureCode failureMessage heldAt holdReason createdAt endedAt`;
const batchDetails = `${batchFields}
  pages { id number path picture kind turn position learner { id name } proposed { id name } reason confidence }
  works { submissionId learnerId publishedAt withdrawnAt withdrawnFor } withoutPage { id name }`;
const outcomes = '... on ScanOutcomes { outcomes { learnerId submissionId resent code message } }';

/** Scans with their pages, and how far they are. */
export const scanBatch = operation<{ scanBatch: ScanBatchDetails }, { id: string }>(
  `query ScanBatch($id: UUID!) { scanBatch(id: $id) { ${batchDetails} } }`,
);

/** The scans of an assignment, newest first; for its teachers. */
export const scanBatches = operation<
  { assignment: { readonly scanBatches: Connection<ScanBatchView> } },
  { assignmentId: string; first?: number; after?: string | null }
>(`query ScanBatches($assignmentId: UUID!, $first: Int, $after: String) {
    assignment(id: $assignmentId) { scanBatches(first: $first, after: $after) {
      edges { node { ${batchFields} } } pageInfo { hasNextPage endCursor } } }
  }`);

/** Says whose pages are, what they are, in which order and which way up: all at once, or nothing. */
export const correctScanPages = operation<
  { correctScanPages: Outcome<'ScanBatch', ScanBatchDetails> },
  {
    input: {
      batchId: string;
      corrections: readonly {
        pageId: string;
        learnerId?: string | null;
        kind?: ScanPageView['kind'];
        position?: number;
        turn?: number;
      }[];
    };
  }
>(`mutation CorrectScanPages($input: CorrectScanPagesInput!) {
    correctScanPages(input: $input) { __typename ... on ScanBatch { ${batchDetails} } ${refusal}
      ... on InvalidInput { issues { path message } } }
  }`);

/** Has it proposed anew whose pages are. */
export const matchScans = operation<
  { matchScans: Outcome<'ScanBatch', ScanBatchDetails> },
  {
    input: {
      batchId: string;
      matchBy: 'names' | 'order';
      pagesPerLearner?: number;
      learnerIds?: readonly string[] | null;
    };
  }
>(`mutation MatchScans($input: MatchScansInput!) {
    matchScans(input: $input) { __typename ... on ScanBatch { ${batchDetails} } ${refusal} }
  }`);

/** Holds scans, so that nothing of them is published, or lets them go. */
export const holdScans = operation<
  { holdScans: Outcome<'ScanBatch', ScanBatchView> },
  { input: { batchId: string; hold: boolean; reason?: string | null } }
>(`mutation HoldScans($input: HoldScansInput!) {
    holdScans(input: $input) { __typename ... on ScanBatch { ${batchFields} } ${refusal} }
  }`);

/** Hands works in for their learners; each has an outcome of its own. The id is made by the client. */
export const publishScans = operation<
  { publishScans: Outcome<'ScanOutcomes', { outcomes: readonly ScanOutcomeView[] }> },
  { input: { id: string; batchId: string; learnerIds?: readonly string[] | null } }
>(`mutation PublishScans($input: PublishScansInput!) {
    publishScans(input: $input) { __typename ${outcomes} ${refusal} }
  }`);

/** Withdraws works that were handed in from scans; each has an outcome of its own. The id is made by the client. */
export const withdrawScans = operation<
  { withdrawScans: Outcome<'ScanOutcomes', { outcomes: readonly ScanOutcomeView[] }> },
  { input: { id: string; batchId: string; learnerIds?: readonly string[] | null; reason: string } }
>(`mutation WithdrawScans($input: WithdrawScansInput!) {
    withdrawScans(input: $input) { __typename ${outcomes} ${refusal} }
  }`);
