import { describe, expect, it } from 'vitest';
import { emptyMemory, earliestDue, priorPopulation, remember, StreamedModel } from '#libs/mastery';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { emptyLearnerState, parseLearnerState, storeLearnerState, type LearnerState } from '../model/learner-state.js';
import { aCatalogue } from '../testing/a-lesson.js';
import { reviewsOf } from './reviews-of.js';

const skills = ['mastered', 'begun'].map((id, index) => ({
  id,
  number: index + 1,
  name: `The ${id}`,
  prerequisiteIds: [],
}));

const catalogue: CourseCatalogue = {
  ...aCatalogue(),
  skills,
  skillNames: new Map(skills.map(({ id, name }) => [id, name])),
  activities: new Map(),
  model: new StreamedModel({
    snapshot: 1,
    population: priorPopulation(),
    skillNumbers: new Map(skills.map(({ id, number }) => [id, number])),
    exercises: [],
  }),
};

/** Somebody who mastered one skill on a day, began another, and remembers one that the course has no longer. */
function aState(day: number): LearnerState {
  const state = emptyLearnerState();
  let { mastery } = state;
  for (let turn = 1; turn <= 40; turn++) {
    const item = { skillIds: ['mastered'], difficulty: 0, number: turn };
    mastery = catalogue.model.update(mastery, { item, correct: true, at: turn * 60_000 }).state;
  }
  const memory = remember(emptyMemory(), { skillIds: ['mastered', 'begun', 'gone'], recall: 'good', day });
  return { ...state, mastery, memory };
}

describe('reviews of skills', () => {
  it('are of what is mastered, in the course, and due', () => {
    const state = aState(100);
    const due = earliestDue(state.memory)!;
    expect(reviewsOf(catalogue, state, due - 1)).toEqual([]);
    const retrievability = expect.closeTo(0.9, 1);
    expect(reviewsOf(catalogue, state, due)).toEqual([
      { skillId: 'mastered', name: 'The mastered', retrievability, dueOn: due },
    ]);
  });

  it('have their first day stored beside the state', () => {
    const state = aState(100);
    const stored = storeLearnerState(state);
    expect(stored.nextReviewOn).toBe(earliestDue(state.memory));
    expect(storeLearnerState(emptyLearnerState()).nextReviewOn).toBeNull();
    expect(parseLearnerState(stored).memory).toEqual(state.memory);
  });
});
