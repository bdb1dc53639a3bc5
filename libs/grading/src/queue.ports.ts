import type { CriterionScore } from './model/grading-result.js';

/** What a criterion lost, and by which error. */
export type Finding = Pick<CriterionScore, 'criterionId' | 'error' | 'awarded' | 'points'>;

/** Work that waits for a teacher, or waited at the time for which it was asked. */
export interface WaitingWork {
  readonly submissionId: string;
  readonly assignmentId: string;
  readonly receivedAt: Date;
  /** False where a teacher has settled it since: it counts for how many are alike, and is not listed. */
  readonly waits: boolean;
  /** Whether its learner asks for another look. */
  readonly isAskedAbout: boolean;
  /** The score that stood at that time; null where no program gave one. */
  readonly score: {
    readonly id: string;
    readonly confidence: number;
    readonly flags: readonly string[];
    /** The criteria that lost something. */
    readonly lost: readonly Finding[];
  } | null;
}

/** The review queue of a course. All verbs run inside a unit of work. */
export abstract class ReviewQueueReader {
  /**
   * The work that waited for the teachers of a course at a time, the longest waiting first.
   * @param at not before it is known who waits: now, or when the first page was read
   */
  abstract listWaiting(courseId: string, at: Date, limit: number): Promise<WaitingWork[]>;
}
