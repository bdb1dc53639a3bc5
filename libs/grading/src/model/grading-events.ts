import { courseStream, learnerStream, type NewEvent } from '#libs/kernel';
import type { Score, Submission } from '../ports.js';

type Place = Pick<Submission, 'id' | 'courseId' | 'assignmentId' | 'learnerId'>;

const placeOf = ({ id, courseId, assignmentId }: Place) => ({ courseId, assignmentId, submissionId: id });

/** The teachers hear that work came in. */
export function submissionReceived(submission: Place): NewEvent {
  const { courseId, learnerId } = submission;
  const payload = { ...placeOf(submission), learnerId };
  return { stream: courseStream(courseId), type: 'submission.received', payload };
}

/** The teachers hear that work waits for them; without a score all three numbers are 0. */
export function submissionQueued(
  submission: Place,
  score: Pick<Score, 'total' | 'maximum' | 'confidence'> | null,
): NewEvent {
  const { courseId, learnerId } = submission;
  const { total, maximum, confidence } = score ?? { total: 0, maximum: 0, confidence: 0 };
  const payload = { ...placeOf(submission), learnerId, total, maximum, confidence };
  return { stream: courseStream(courseId), type: 'submission.queued', payload };
}

/** The teachers hear that one of them has settled a score. */
export function submissionReviewed(submission: Place, score: Score, reviewerId: string): NewEvent {
  const { id: scoreId, total, maximum } = score;
  const payload = { ...placeOf(submission), scoreId, reviewerId, total, maximum };
  return { stream: courseStream(submission.courseId), type: 'submission.reviewed', payload };
}

/** The learner hears her score; while graded work waits for the teacher, only that it is there. */
export function scoreSettled(submission: Place, score: Score, state: string): NewEvent {
  const { id: scoreId, source, maximum } = score;
  const total = state === 'awaiting-teacher' ? null : score.total;
  const payload = { ...placeOf(submission), scoreId, source, state, total, maximum };
  return { stream: learnerStream(submission.learnerId), type: 'score.settled', payload };
}
