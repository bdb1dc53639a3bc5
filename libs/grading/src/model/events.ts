import { courseStream, learnerStream, type NewEvent } from '#libs/kernel';
import type { Score, Submission } from '../ports.js';
import { isUndecided } from './grading-result.js';
import type { RegradeRequest, RegradeState } from '../regrade.ports.js';
import type { ScanBatch, ScanState } from './scan-batch.js';

interface Piece {
  readonly courseId: string;
  readonly assignmentId: string;
  readonly submissionId: string;
}

/** What the teachers of a course hear of handed-in work. */
export interface CourseGradingEvents {
  'submission.received': Piece & { readonly learnerId: string };
  'submission.awaits-review': Piece & {
    readonly learnerId: string;
    readonly total: number | null;
    readonly maximum: number | null;
    readonly confidence: number | null;
  };
  'submission.reviewed': Piece & {
    readonly scoreId: string;
    readonly reviewerId: string;
    readonly total: number;
    readonly maximum: number;
  };
  'review.withdrawn': Piece & { readonly scoreId: string; readonly reviewerId: string };
  'regrade.requested': Piece & { readonly requestId: string; readonly scoreId: string };
  'submission.withdrawn': Piece & { readonly learnerId: string; readonly reason: string };
  'scans.changed': {
    readonly courseId: string;
    readonly assignmentId: string;
    readonly batchId: string;
    readonly state: ScanState;
    /** Pages or files in it; null until it was opened. */
    readonly found: number | null;
    readonly taken: number;
    readonly refused: number;
    /** Whether a teacher holds it. */
    readonly isHeld: boolean;
    /** Why all of it failed. */
    readonly failure: string | null;
  };
}

/** What a learner hears of the work that she hands in. */
export interface LearnerGradingEvents {
  'score.settled': Piece & {
    readonly scoreId: string;
    readonly source: Exclude<Score['source'], 'withdrawal'>;
    readonly state: 'graded' | 'certified' | 'reviewed';
    readonly total: number;
    readonly maximum: number;
  };
  'score.deferred': Piece & {
    readonly state: 'needs-review' | 'failed' | 'awaiting-teacher';
    readonly total: number | null;
    readonly maximum: number | null;
  };
  'regrade.closed': Piece & { readonly requestId: string; readonly state: Exclude<RegradeState, 'open'> };
  'extension.changed': {
    readonly courseId: string;
    readonly assignmentId: string;
    /** ISO 8601; null where her time is that of the others again. */
    readonly dueAt: string | null;
  };
  'submission.withdrawn': Piece & { readonly reason: string };
}

type Place = Pick<Submission, 'id' | 'courseId' | 'assignmentId' | 'learnerId' | 'alias'>;

/** Who handed it in, for the ears of teachers. */
const submitterOf = ({ alias, learnerId }: Place): string => alias ?? learnerId;

const pieceOf = ({ id, courseId, assignmentId }: Place): Piece => ({ courseId, assignmentId, submissionId: id });

function toCourse<T extends keyof CourseGradingEvents>(
  { courseId }: Place,
  type: T,
  payload: CourseGradingEvents[T],
): NewEvent {
  return { stream: courseStream(courseId), type, payload };
}

function toLearner<T extends keyof LearnerGradingEvents>(
  { learnerId }: Place,
  type: T,
  payload: LearnerGradingEvents[T],
): NewEvent {
  return { stream: learnerStream(learnerId), type, payload };
}

/** The teachers hear that work came in. */
export function submissionReceived(submission: Place): NewEvent {
  const learnerId = submitterOf(submission);
  return toCourse(submission, 'submission.received', { ...pieceOf(submission), learnerId });
}

/** The teachers hear that work waits for them; where no program could score it, the three numbers are null. */
export function submissionAwaitsReview(
  submission: Place,
  score: Pick<Score, 'total' | 'maximum' | 'confidence'> | null,
): NewEvent {
  const learnerId = submitterOf(submission);
  const { total, maximum, confidence } = score ?? { total: null, maximum: null, confidence: null };
  const payload = { ...pieceOf(submission), learnerId, total, maximum, confidence };
  return toCourse(submission, 'submission.awaits-review', payload);
}

/** The teachers hear that one of them has settled a score. */
export function submissionReviewed(submission: Place, score: Score, reviewerId: string): NewEvent {
  const { id: scoreId, total, maximum } = score;
  return toCourse(submission, 'submission.reviewed', { ...pieceOf(submission), scoreId, reviewerId, total, maximum });
}

/** The teachers hear that one of them has taken a review back. */
export function reviewWithdrawn(submission: Place, reviewId: string, reviewerId: string): NewEvent {
  return toCourse(submission, 'review.withdrawn', { ...pieceOf(submission), scoreId: reviewId, reviewerId });
}

/** The teachers hear that a learner asks for a score to be looked at again. */
export function regradeRequested(submission: Place, { id: requestId, scoreId }: RegradeRequest): NewEvent {
  return toCourse(submission, 'regrade.requested', { ...pieceOf(submission), requestId, scoreId });
}

/** The learner hears what came of her request. */
export function regradeClosed(submission: Place, requestId: string, state: Exclude<RegradeState, 'open'>): NewEvent {
  return toLearner(submission, 'regrade.closed', { ...pieceOf(submission), requestId, state });
}

/** The learner hears a score that stands. */
export function scoreSettled(
  submission: Place,
  score: Score,
  state: LearnerGradingEvents['score.settled']['state'],
): NewEvent {
  const { id: scoreId, total, maximum } = score;
  const source = score.source === 'automatic' ? 'automatic' : 'review';
  return toLearner(submission, 'score.settled', { ...pieceOf(submission), scoreId, source, state, total, maximum });
}

/** The learner hears that a teacher has to look first; of work that counts, and of what has no score or not all of it, no total. */
export function scoreDeferred(
  submission: Place,
  score: Score | null,
  state: LearnerGradingEvents['score.deferred']['state'],
): NewEvent {
  const isWhole = score !== null && !score.criteria.some(isUndecided);
  const total = state === 'awaiting-teacher' || !isWhole ? null : score.total;
  const payload = { ...pieceOf(submission), state, total, maximum: score?.maximum ?? null };
  return toLearner(submission, 'score.deferred', payload);
}

/** The learner hears until when she may hand in. */
export function extensionChanged(learnerId: string, payload: LearnerGradingEvents['extension.changed']): NewEvent {
  return { stream: learnerStream(learnerId), type: 'extension.changed', payload };
}

/** Her teachers and the learner hear that work which was handed in for her from scans is withdrawn. */
export function submissionWithdrawn(submission: Place, reason: string): NewEvent[] {
  const learnerId = submitterOf(submission);
  return [
    toCourse(submission, 'submission.withdrawn', { ...pieceOf(submission), learnerId, reason }),
    toLearner(submission, 'submission.withdrawn', { ...pieceOf(submission), reason }),
  ];
}

/** The teachers hear that scans came in, how far they are read, and that somebody holds them or does no more. */
export function scansChanged(courseId: string, batch: ScanBatch): NewEvent {
  const { id: batchId, assignmentId, state, found, taken, refused, heldAt, failure } = batch;
  const payload: CourseGradingEvents['scans.changed'] = {
    courseId,
    assignmentId,
    batchId,
    state,
    found,
    taken,
    refused,
    isHeld: heldAt !== null,
    failure: failure?.message ?? null,
  };
  return { stream: courseStream(courseId), type: 'scans.changed', payload };
}
