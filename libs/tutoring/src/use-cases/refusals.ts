import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
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

/** There is no such course, or the actor has no part in it. */
export function noSuchCourse(): Failure {
  return fail('NOT_FOUND', 'There is no such course for you.');
}

/** Learners see their own only; those who teach the course see everybody's. */
export async function refuseOthers(
  access: CourseAccess,
  actor: Actor,
  courseId: string,
  learnerId: string,
): Promise<Failure | null> {
  const role = await access.roleIn(actor, courseId);
  if (role === null) return noSuchCourse();
  if (role === 'learner' && learnerId !== actor.userId) {
    return fail('FORBIDDEN', 'Learners see what is theirs only.');
  }
  return null;
}
