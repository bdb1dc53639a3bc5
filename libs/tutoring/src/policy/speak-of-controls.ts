import { dayIn, endOfDay, readDay, writtenDay } from '#libs/kernel';
import { noControls, type CourseControls } from '#libs/recommendation';
import type { SetControls } from '../model/course-controls.js';

/** Puts what teachers set into the form in which it rules: learners by pseudonym, dates as moments. */
export function toControls(
  { pins, bannedActivityIds, skillOrder, dueDates }: SetControls,
  timeZone: string,
  pseudonyms: ReadonlyMap<string, string>,
): CourseControls {
  return {
    ...noControls(),
    pinned: pins.map(({ activityId, learnerId, until }) => ({
      activityId,
      ...(learnerId !== null && { forLearner: pseudonyms.get(learnerId)! }),
      ...(until !== null && { until: until.getTime() }),
    })),
    banned: bannedActivityIds,
    order: skillOrder,
    due: dueDates.map(({ activityId, skillId, on }) => {
      const at = endOfDay(timeZone, readDay(on));
      return activityId === null ? { skillId: skillId!, at } : { activityId, at };
    }),
  };
}

/** Says what rules in the words of teachers. What was pinned for somebody whose data have been erased is left out. */
export function fromControls(
  { pinned, banned, order, due }: CourseControls,
  timeZone: string,
  learnerIds: ReadonlyMap<string, string>,
): SetControls {
  return {
    pins: pinned.flatMap(({ activityId, forLearner, until }) => {
      const learnerId = forLearner === undefined ? null : learnerIds.get(forLearner);
      if (learnerId === undefined) return [];
      return [{ activityId, learnerId, until: until === undefined ? null : new Date(until) }];
    }),
    bannedActivityIds: banned,
    skillOrder: order,
    dueDates: due.map((date) => ({
      activityId: 'activityId' in date ? date.activityId : null,
      skillId: 'skillId' in date ? date.skillId : null,
      on: writtenDay(dayIn(timeZone, date.at)),
    })),
  };
}
