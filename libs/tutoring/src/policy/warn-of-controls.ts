import { checkControls, type ControlIssue, type CourseControls } from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import type { ControlWarning } from '../model/course-controls.js';
import { assertUnreachable } from '#libs/kernel';

/** What teachers should know of the controls of a course, in the order of the controls. */
export function warnOfControls(
  controls: CourseControls,
  { activities, skills, skillNames }: Pick<CourseCatalogue, 'activities' | 'skills' | 'skillNames'>,
  learning: ReadonlySet<string>,
  now: number,
): readonly ControlWarning[] {
  const taught = [...activities.values()].filter(({ archived }) => !archived);
  const course = { activityIds: new Set(taught.map(({ id }) => id)), skills };
  const name: Name = (id) => nameOf(activities.get(id)) ?? quoted(skillNames.get(id)) ?? id;
  const left = controls.pinned.flatMap(({ activityId, forLearner }): ControlWarning[] => {
    if (forLearner === undefined || learning.has(forLearner)) return [];
    const message = `${name(activityId)} is pinned for somebody who no longer learns in this course: the pin does nothing.`;
    return [{ code: 'learner-left', message, ids: [activityId] }];
  });
  return [...checkControls(controls, course, now).map((issue) => toWarning(issue, name)), ...left];
}

type Name = (id: string) => string;

function nameOf(activity: CatalogueActivity | undefined): string | undefined {
  return quoted(activity?.content.title);
}

function quoted(name: string | undefined): string | undefined {
  return name && `“${name}”`;
}

const places = { pinned: 'pin', banned: 'ban', order: 'place in the order', due: 'date' } as const;

function toWarning(issue: ControlIssue, name: Name): ControlWarning {
  const { kind: code } = issue;
  switch (issue.kind) {
    case 'unknown': {
      const message = `${name(issue.id)} is put away or no longer in the course: its ${places[issue.in]} does nothing.`;
      return { code, message, ids: [issue.id] };
    }
    case 'pinned-and-banned': {
      const message = `${name(issue.activityId)} is pinned and banned: the ban counts.`;
      return { code, message, ids: [issue.activityId] };
    }
    case 'due-and-banned': {
      const message = `${name(issue.activityId)} has a date and is banned: nobody can do it by then.`;
      return { code, message, ids: [issue.activityId] };
    }
    case 'ordered-before-prerequisite': {
      const { skillId, prerequisiteId } = issue;
      const message = `${name(skillId)} stands in the order before ${name(prerequisiteId)}, on which it builds: it is passed over until that is mastered.`;
      return { code, message, ids: [skillId, prerequisiteId] };
    }
    case 'ordered-twice': {
      const message = `${name(issue.skillId)} stands in the order twice: the first place counts.`;
      return { code, message, ids: [issue.skillId] };
    }
    case 'over':
      return {
        code,
        message: `A pin or a date of ${name(issue.id)} is over: it does nothing any more.`,
        ids: [issue.id],
      };
    default:
      return assertUnreachable(issue);
  }
}
