import { noControls, parseCourseControls, type CourseControls } from '#libs/recommendation';

/** An activity that comes next, for one learner or for all, as long as it has not been done. */
export interface ControlPin {
  readonly activityId: string;
  /** Null for everybody. */
  readonly learnerId: string | null;
  /** From when on it is pinned no more; null for no end. */
  readonly until: Date | null;
}

/** A date by which an activity should be done, or a skill mastered: one of the two is set, the other is null. */
export interface ControlDueDate {
  readonly activityId: string | null;
  readonly skillId: string | null;
  /** A day where the institution is, such as 2026-12-24; the date comes when it ends. */
  readonly on: string;
}

/**
 * What the teachers of a course set for choosing, as they speak of it: learners by id, dates by the calendar. The threshold
 * of mastery is not among it, for the course itself has one.
 */
export interface SetControls {
  readonly pins: readonly ControlPin[];
  readonly bannedActivityIds: readonly string[];
  /** Skills in the order in which they are taught. */
  readonly skillOrder: readonly string[];
  readonly dueDates: readonly ControlDueDate[];
}

/** Something that teachers should know of what they have set; it works all the same. */
export interface ControlWarning {
  readonly code: ControlWarningCode;
  /** One sentence. */
  readonly message: string;
  /** The activities and skills that it is about. */
  readonly ids: readonly string[];
}

export const controlWarningCodes = [
  'unknown',
  'pinned-and-banned',
  'due-and-banned',
  'ordered-before-prerequisite',
  'ordered-twice',
  'over',
  'learner-left',
] as const;
export type ControlWarningCode = (typeof controlWarningCodes)[number];

/** What stands, with what there is to know of it. */
export interface ControlsOfCourse extends SetControls {
  readonly kind: 'course-controls';
  readonly courseId: string;
  /** Rises with every change; 0 where nothing was ever set. */
  readonly version: number;
  readonly warnings: readonly ControlWarning[];
}

/** The controls of a course as they were stored; null where none were. Throws a `TypeError` for anything else. */
export function restoreControls(stored: unknown): CourseControls {
  return stored === null ? noControls() : parseCourseControls(stored);
}
