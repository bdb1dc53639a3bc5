import { describe, expect, it } from 'vitest';
import { emptyElo, emptyMastery, modelOf, priorPopulation, StreamedModel, type MasteryState } from '#libs/mastery';
import { isMastered } from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { masteryCrossings } from './mastery-crossings.js';
import { aCatalogue } from '../testing/a-lesson.js';
import { policyOf } from './policy-of.js';

const skills = ['first', 'second'].map((id, index) => ({ id, number: index + 1, name: id, prerequisiteIds: [] }));

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

function after(state: MasteryState, skillIds: readonly string[], correct: boolean, turn: number): MasteryState {
  const item = { skillIds, difficulty: 0, number: turn };
  return modelOf(state, catalogue.model).update(state, { item, correct, at: turn * 60_000 }).state;
}

function counts(state: MasteryState, skillId: string): boolean {
  return isMastered(modelOf(state, catalogue.model).estimate(state, skillId), policyOf(catalogue));
}

describe('crossings of mastery', () => {
  it.each([
    ['the streamed model', emptyMastery()],
    ['Elo', emptyElo()],
  ])('are each change of what counts as mastered, and nothing else, by %s', (_, from) => {
    let state: MasteryState = from;
    const crossed: boolean[] = [];
    for (let turn = 1; turn <= 80; turn++) {
      const next = after(state, ['first'], turn <= 40, turn);
      const found = masteryCrossings(catalogue, state, next, ['first', 'second']);
      const mastered = counts(next, 'first');
      const { probability } = modelOf(next, catalogue.model).estimate(next, 'first');
      expect(found).toEqual(mastered === counts(state, 'first') ? [] : [{ skillId: 'first', mastered, probability }]);
      crossed.push(...found.map((each) => each.mastered));
      state = next;
    }
    expect(crossed).toEqual([true, false]);
  });

  it('are told of every skill of an item', () => {
    let state = emptyMastery();
    const crossed: string[] = [];
    for (let turn = 1; turn <= 40; turn++) {
      const next = after(state, ['first', 'second'], true, turn);
      crossed.push(...masteryCrossings(catalogue, state, next, ['first', 'second']).map(({ skillId }) => skillId));
      state = next;
    }
    expect(crossed.sort()).toEqual(['first', 'second']);
  });

  it('are none where nothing was learnt, nor where the teacher has moved the threshold', () => {
    let state = emptyMastery();
    for (let turn = 1; turn <= 40; turn++) state = after(state, ['first'], true, turn);
    expect(counts(state, 'first')).toBe(true);
    expect(masteryCrossings(catalogue, state, state, ['first'])).toEqual([]);
    const stricter = { ...catalogue, masteryThreshold: 0.9999 };
    expect(masteryCrossings(stricter, state, after(state, ['first'], true, 41), ['first'])).toEqual([]);
  });
});
