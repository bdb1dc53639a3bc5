import type { SkillNode } from '../model/choice.js';
import type { CourseControls } from '../model/course-controls.js';
import { graphOf } from './skill-graph.js';
import { urgencyOf } from './teacher-controls.js';

/** Something about controls that a teacher should know: they work all the same, each as it says. */
export type ControlIssue =
  /** No activity or skill of the course: it does nothing. */
  | { readonly kind: 'unknown'; readonly id: string; readonly in: 'pinned' | 'banned' | 'order' | 'due' }
  /** The ban counts. */
  | { readonly kind: 'pinned-and-banned'; readonly activityId: string }
  /** It can never be reached. */
  | { readonly kind: 'due-and-banned'; readonly activityId: string }
  /** The order puts a skill before what it stands on: it is passed over until that is mastered. */
  | { readonly kind: 'ordered-before-prerequisite'; readonly skillId: string; readonly prerequisiteId: string }
  /** A skill is in the order twice: the first place counts. */
  | { readonly kind: 'ordered-twice'; readonly skillId: string }
  /** A pin has ended, or a date is long past: it does nothing any more. */
  | { readonly kind: 'over'; readonly id: string };

/** What is contradictory, unknown or over in the controls of a course, in the order of the controls. */
export function checkControls(
  { pinned, banned, order, due }: CourseControls,
  course: { readonly activityIds: ReadonlySet<string>; readonly skills: readonly SkillNode[] },
  now: number,
): readonly ControlIssue[] {
  const graph = graphOf(course.skills);
  const bans = new Set(banned);
  const issues: ControlIssue[] = [];
  for (const { activityId, until = Infinity } of pinned) {
    if (!course.activityIds.has(activityId)) issues.push({ kind: 'unknown', id: activityId, in: 'pinned' });
    if (bans.has(activityId)) issues.push({ kind: 'pinned-and-banned', activityId });
    if (until <= now) issues.push({ kind: 'over', id: activityId });
  }
  for (const id of banned) if (!course.activityIds.has(id)) issues.push({ kind: 'unknown', id, in: 'banned' });
  const before = new Set<string>();
  for (const skillId of order) {
    if (before.has(skillId)) issues.push({ kind: 'ordered-twice', skillId });
    before.add(skillId);
    if (graph.find(skillId) === null) issues.push({ kind: 'unknown', id: skillId, in: 'order' });
    for (const prerequisiteId of graph.prerequisitesOf(skillId)) {
      if (order.includes(prerequisiteId) && !before.has(prerequisiteId)) {
        issues.push({ kind: 'ordered-before-prerequisite', skillId, prerequisiteId });
      }
    }
  }
  for (const date of due) {
    const id = 'skillId' in date ? date.skillId : date.activityId;
    const known = 'skillId' in date ? graph.find(id) !== null : course.activityIds.has(id);
    if (!known) issues.push({ kind: 'unknown', id, in: 'due' });
    if ('activityId' in date && bans.has(id)) issues.push({ kind: 'due-and-banned', activityId: id });
    const { daysLeft, urgency } = urgencyOf(date.at, now);
    if (daysLeft < 0 && urgency === 0) issues.push({ kind: 'over', id });
  }
  return issues;
}
