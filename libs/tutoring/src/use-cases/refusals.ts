import { fail, type Failure } from '#libs/kernel';
import type { Situation } from '../ports.js';

/** There is no session that the actor learns in, or opened for a learner. */
export function noSuchSession(): Failure {
  return fail('NOT_FOUND', 'There is no such session of yours. Open one first.');
}

/** Why nothing may be done in the course of a session any more; null when it may. */
export function refuseWhoLeft({ hasLeft }: Pick<Situation, 'hasLeft'>): Failure | null {
  return hasLeft ? fail('FORBIDDEN', 'You have left this course. Ask a teacher to enrol you again.') : null;
}

/** What is asked for is no activity of the session's course. */
export function noSuchActivity(): Failure {
  return fail('NOT_FOUND', 'The course of this session has no such activity.');
}
