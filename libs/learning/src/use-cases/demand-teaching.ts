import { fail, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseAccess } from '../ports.js';

/** Lets the teachers of a course pass; null for them. Who has nothing to do with it does not learn that it is there. */
export async function demandTeaching(access: CourseAccess, actor: Actor, courseId: string): Promise<Failure | null> {
  const role = await access.roleIn(actor, courseId);
  if (role === null) return fail('NOT_FOUND', 'There is no such course for you.');
  return role === 'teacher' ? null : fail('FORBIDDEN', 'Only the teachers of the course may do this.');
}
