import { refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { SetControls } from '../model/course-controls.js';

/** What controls may name. */
export interface ControlSurroundings {
  readonly catalogue: Pick<CourseCatalogue, 'activities' | 'skillNames'>;
  /** Those who learn in the course now. */
  readonly learnerIds: ReadonlySet<string>;
  /** What stands: what it names may stay, though it may be gone since. */
  readonly standing: SetControls;
}

/** Refuses what names no activity, skill or learner of the course, and a pin that could never come; null when all is well. */
export function checkSetControls(
  { pins, bannedActivityIds, skillOrder, dueDates }: SetControls,
  { catalogue: { activities, skillNames }, learnerIds, standing }: ControlSurroundings,
): Failure | null {
  const issues: FailureIssue[] = [];
  const kept = idsIn(standing);
  const demand = (path: string, id: string | null, isThere: boolean, what: string): void => {
    if (id !== null && !isThere && !kept.has(id)) issues.push({ path, message: `${id} is no ${what} of this course.` });
  };
  for (const [index, { activityId, learnerId }] of pins.entries()) {
    const activity = activities.get(activityId);
    demand(`pins.${index}.activityId`, activityId, activity !== undefined, 'activity');
    demand(`pins.${index}.learnerId`, learnerId, learnerIds.has(learnerId ?? ''), 'learner');
    if (activity?.kind === 'visual-assignment' || activity?.skillIds.length === 0) {
      const message = 'This activity is never recommended: it is handed in as an assignment, or is about no skill.';
      issues.push({ path: `pins.${index}.activityId`, message });
    }
  }
  for (const [index, id] of bannedActivityIds.entries())
    demand(`bannedActivityIds.${index}`, id, activities.has(id), 'activity');
  for (const [index, id] of skillOrder.entries()) demand(`skillOrder.${index}`, id, skillNames.has(id), 'skill');
  for (const [index, { activityId, skillId }] of dueDates.entries()) {
    demand(`dueDates.${index}.activityId`, activityId, activities.has(activityId ?? ''), 'activity');
    demand(`dueDates.${index}.skillId`, skillId, skillNames.has(skillId ?? ''), 'skill');
  }
  return issues.length === 0 ? null : refuseInput(issues);
}

function idsIn({ pins, bannedActivityIds, skillOrder, dueDates }: SetControls): ReadonlySet<string | null> {
  return new Set([
    ...pins.flatMap(({ activityId, learnerId }) => [activityId, learnerId]),
    ...bannedActivityIds,
    ...skillOrder,
    ...dueDates.flatMap(({ activityId, skillId }) => [activityId, skillId]),
  ]);
}
