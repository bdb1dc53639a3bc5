import type { EarlierRequest } from './ports.js';

/** open → answered by a review | declined with a reason. A review that is taken back opens what it has answered again. */
export const regradeStates = ['open', 'answered', 'declined'] as const;
export type RegradeState = (typeof regradeStates)[number];

/** A learner asks the teacher to look at a score again. */
export interface RegradeRequest {
  readonly id: string;
  readonly submissionId: string;
  /** The score that she asks about: once. */
  readonly scoreId: string;
  /** Hers, in words. */
  readonly reason: string;
  readonly state: RegradeState;
  /** Why the teacher declined. */
  readonly answer: string | null;
  /** The review that answered. */
  readonly answeringScoreId: string | null;
  readonly requestedAt: Date;
  readonly closedAt: Date | null;
}

/** A decision to grade the works of an assignment anew. */
export interface Regrade {
  readonly id: string;
  readonly assignmentId: string;
  /** Versions of the activity. */
  readonly fromVersion: number;
  readonly toVersion: number;
  /** Whether works that a teacher had settled were graded anew, too. */
  readonly includeReviewed: boolean;
  /** How many works it was. */
  readonly works: number;
  readonly decidedAt: Date;
}

/** Decisions to grade anew: they are only ever added. All verbs run inside a unit of work. */
export abstract class RegradeLog {
  abstract findEarlier(id: string, body: object): Promise<EarlierRequest<Regrade> | null>;
  /** Tells whether it was stored: an id that is taken is left alone. */
  abstract insertRegrade(regrade: Regrade, pseudonym: string, body: object): Promise<boolean>;
}

/** Requests to look again. All verbs run inside a unit of work, under the lock of the submission. */
export abstract class RegradeRepository {
  abstract findRequest(id: string): Promise<RegradeRequest | null>;
  abstract findEarlier(id: string, body: object): Promise<EarlierRequest<RegradeRequest> | null>;
  /** The requests about some submissions, the earliest first. */
  abstract listRequests(submissionIds: readonly string[]): Promise<RegradeRequest[]>;
  /** False when its id is taken, or somebody has asked about the score. */
  abstract insertRequest(request: RegradeRequest, pseudonym: string, body: object): Promise<boolean>;
  /** @param closedBy pseudonym of the teacher */
  abstract closeRequests(
    ids: readonly string[],
    how: Pick<RegradeRequest, 'state' | 'answer' | 'answeringScoreId' | 'closedAt'> & { readonly closedBy: string },
  ): Promise<void>;
  /** Opens again what a review has answered. */
  abstract reopenAnsweredBy(scoreId: string): Promise<void>;
}
