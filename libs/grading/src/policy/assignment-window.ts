import { fail, type Failure } from '#libs/kernel';
import type { Assignment } from '../ports.js';

/**
 * The same assignment as a learner has it: due when she has been granted it, where that is later. What was granted says nothing
 * of when it opens, or whether the teacher has closed it.
 */
export function extendedTo<A extends Pick<Assignment, 'dueAt'>>(assignment: A, granted: Date | null): A {
  const { dueAt } = assignment;
  return dueAt !== null && granted !== null && granted > dueAt ? { ...assignment, dueAt: granted } : assignment;
}

/**
 * Why an assignment takes no work at a time, or null when it does. Work that arrives in the very millisecond of the
 * deadline is in time.
 * @param now Unix time in milliseconds
 */
export function whyClosed(
  { opensAt, dueAt, closedAt }: Pick<Assignment, 'opensAt' | 'dueAt' | 'closedAt'>,
  now: number,
): Failure | null {
  if (closedAt !== null && closedAt.getTime() <= now) return fail('ASSIGNMENT_CLOSED', 'The teacher has closed it.');
  if (opensAt !== null && now < opensAt.getTime()) {
    return fail('ASSIGNMENT_CLOSED', `It opens at ${opensAt.toISOString()}. Hand your work in then.`);
  }
  if (dueAt !== null && now > dueAt.getTime()) {
    return fail('ASSIGNMENT_CLOSED', `It was due at ${dueAt.toISOString()}. Ask the teacher for an extension.`);
  }
  return null;
}
