import { dayIn } from '#libs/kernel';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { LearnerState } from '../model/learner-state.js';
import type { SeenWork, WorkResponse } from '../model/records.js';
import { masteryCrossings, type MasteryCrossing } from './mastery-crossings.js';
import { occurredAt } from './occurred-at.js';
import { learn, memoryAfter, type RespondedItem } from './respond.js';

/**
 * Work shows a skill where so large a share of the skill's points was earned. The student model knows right and wrong only. Half
 * of the points is what work earns in which everything is only nearly right, so it takes more; but of three equal criteria a
 * single lost one must not undo the other two, so it takes less than two thirds.
 */
const shownFrom = 0.6;

/**
 * What a piece of work changes of what is known of its learner: mastery and memory, skill by skill, each like an answer to the
 * activity by the version that was handed in for. Nothing follows for her behaviour, and the recommendation that stands goes on
 * standing for what she has before her. Skills that the course has no longer are left out.
 */
export function learnFromWork(
  catalogue: CourseCatalogue,
  { state: before, timeZone }: { readonly state: LearnerState; readonly timeZone: string },
  item: Pick<RespondedItem, 'number' | 'difficulty'>,
  work: SeenWork,
  { now, nextId }: { readonly now: Date; readonly nextId: () => string },
): { state: LearnerState; responses: readonly WorkResponse[]; crossings: readonly MasteryCrossing[] } {
  const at = occurredAt(work.handedInAt.getTime(), now);
  let state = before;
  const responses: WorkResponse[] = [];
  for (const { skillIds: seen, share, hintsUsed } of work.shown) {
    const skillIds = seen.filter((id) => catalogue.skillNames.has(id));
    if (skillIds.length === 0) continue;
    const correct = share >= shownFrom;
    const about = { ...item, skillIds };
    const { mastery, predicted, changes, snapshot } = learn(catalogue, state, about, correct, at);
    const memory = memoryAfter(state.memory, about, correct, hintsUsed, dayIn(timeZone, at));
    state = { ...state, sequence: state.sequence + 1, mastery, memory };
    responses.push({
      id: nextId(),
      sequence: state.sequence,
      skillIds,
      correct,
      hintsUsed,
      predicted,
      modelSnapshot: snapshot,
      changes,
    });
  }
  const changed = [...new Set(responses.flatMap(({ changes }) => changes.map(({ skillId }) => skillId)))];
  return { state, responses, crossings: masteryCrossings(catalogue, before.mastery, state.mastery, changed) };
}
