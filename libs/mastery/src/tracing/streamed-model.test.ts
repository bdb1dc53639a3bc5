import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import {
  parseMasteryState,
  storeMasteryState,
  type ItemParameters,
  type MasteryState,
} from '../model/mastery-state.js';
import { emptyElo } from '../model/elo-state.js';
import { decodePopulation, encodePopulation } from './population-codec.js';
import { priorPopulation } from './prior-population.js';
import { StreamedModel } from './streamed-model.js';
import { emptyTracedState, type StoredTracedState } from './traced-state.js';

const skillIds = ['membrane', 'nucleus', 'ribosome', 'mitosis'];
const skillNumbers = new Map(skillIds.map((id, at) => [id, at + 1]));
const exercises = Array.from({ length: 40 }, (_, at): ItemParameters => {
  const several = at % 7 === 0 ? [skillIds[(at + 1) % 4]!] : [];
  return { number: 100 + at, skillIds: [skillIds[at % 4]!, ...several], difficulty: ((at * 5) % 9) / 2 - 2 };
});
const model = new StreamedModel({ snapshot: 1, population: priorPopulation(), skillNumbers, exercises });

const history = fc.array(fc.record({ item: fc.constantFrom(...exercises), correct: fc.boolean() }), { maxLength: 60 });

function after(answers: readonly { item: ItemParameters; correct: boolean }[]): MasteryState {
  return answers.reduce<MasteryState>(
    (state, answer) => model.update(state, { ...answer, at: 0 }).state,
    emptyTracedState(),
  );
}

function storedOf(state: MasteryState): StoredTracedState {
  return storeMasteryState(state) as StoredTracedState;
}

describe('following a learner by the streamed model', () => {
  it('never tells of less mastery after a right answer, nor of more after a wrong one', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...exercises), fc.boolean(), (past, item, correct) => {
        const before = after(past);
        const { state } = model.update(before, { item, correct, at: 0 });
        for (const skillId of item.skillIds) {
          const change = model.estimate(state, skillId).probability - model.estimate(before, skillId).probability;
          if (correct) expect(change).toBeGreaterThan(-1e-12);
          else expect(change).toBeLessThan(1e-12);
        }
      }),
    );
  });

  it('keeps what it tells near what the model expects', () => {
    const rng = seededRng('held');
    const state = after(
      Array.from({ length: 400 }, () => ({ item: exercises[Math.floor(rng() * 40)]!, correct: rng() < 0.7 })),
    );
    for (const skillId of skillIds) {
      const [, ...row] = storedOf(state).skills.find(([skill]) => skill === skillNumbers.get(skillId))!;
      expect(Math.abs(row.at(-1)!)).toBeLessThan(0.5);
    }
  });

  it('brings a skill to mastery with right answers, and back with wrong ones', () => {
    const ten = Array.from({ length: 10 }, (_, at) => ({
      item: { number: 900 + at, skillIds: ['nucleus'], difficulty: 0 },
      correct: true,
    }));
    expect(model.estimate(after(ten), 'nucleus').probability).toBeGreaterThan(0.85);
    const fallen = after([...ten, ...ten.map((answer) => ({ ...answer, correct: false }))]);
    expect(model.estimate(fallen, 'nucleus').probability).toBeLessThan(0.5);
  });

  it('predicts the logistic function of the sum of its terms, higher for what its author calls easier', () => {
    fc.assert(
      fc.property(history, fc.constantFrom(...exercises), (past, item) => {
        const state = after(past);
        const { probability, terms } = model.predict(state, item);
        expect(probability).toBeCloseTo(1 / (1 + Math.exp(-terms.reduce((sum, { value }) => sum + value, 0))), 10);
        expect(model.probabilityOf(state, item)).toBeCloseTo(probability, 12);
        expect(model.update(state, { item, correct: true, at: 0 }).prediction).toEqual({ probability, terms });
        const { skillIds: skills } = item;
        const easy = model.probabilityOf(state, { skillIds: skills, difficulty: -2.5 });
        expect(easy).toBeGreaterThan(model.probabilityOf(state, { skillIds: skills, difficulty: 2.5 }));
      }),
    );
  });

  it('does not depend on the order of the skills, nor on repeats', () => {
    fc.assert(
      fc.property(history, fc.boolean(), (past, correct) => {
        const before = after(past);
        const item = { number: 7, skillIds: ['membrane', 'mitosis'], difficulty: 0 };
        const turned = { number: 8, skillIds: ['mitosis', 'membrane', 'mitosis'], difficulty: 0 };
        const other = { ...turned, number: 7 };
        const fresh = new StreamedModel({ snapshot: 1, population: priorPopulation(), skillNumbers, exercises });
        expect(storeMasteryState(fresh.update(before, { item: other, correct, at: 0 }).state)).toEqual(
          storeMasteryState(model.update(before, { item, correct, at: 0 }).state),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('is the same from the stored state as from the one in memory', () => {
    fc.assert(
      fc.property(history, history, (past, more) => {
        const stored = (state: MasteryState): MasteryState =>
          parseMasteryState(JSON.parse(JSON.stringify(storeMasteryState(state))));
        const streamed = more.reduce<MasteryState>(
          (state, answer) => stored(model.update(state, { ...answer, at: 0 }).state),
          stored(after(past)),
        );
        expect(storeMasteryState(streamed)).toEqual(storeMasteryState(after([...past, ...more])));
      }),
      { numRuns: 30 },
    );
  });

  it('puts mastery inside an interval that narrows with every answer to the skill', () => {
    const width = (state: MasteryState): number => {
      const { low, probability, high } = model.estimate(state, 'nucleus');
      expect(low).toBeLessThan(probability);
      expect(high).toBeGreaterThan(probability);
      return Math.log(high / (1 - high)) - Math.log(low / (1 - low));
    };
    fc.assert(
      fc.property(history, fc.boolean(), (past, correct) => {
        const before = after(past);
        const item = { skillIds: ['nucleus'], difficulty: 0 };
        expect(width(model.update(before, { item, correct, at: 0 }).state)).toBeLessThan(width(before));
      }),
      { numRuns: 30 },
    );
  });

  it('gives numbers for an item that has no skill', () => {
    const item = { number: 5, skillIds: [], difficulty: 0.4 };
    const { state, prediction } = model.update(after([]), { item, correct: true, at: 0 });
    expect(prediction.probability).toBeGreaterThan(0);
    expect(Number.isFinite(model.estimate(state, 'nucleus').probability)).toBe(true);
    expect(() => parseMasteryState(JSON.parse(JSON.stringify(storeMasteryState(state))))).not.toThrow();
  });

  it('refuses states of another model and skills that there are not', () => {
    expect(() => model.estimate(emptyElo(), 'nucleus')).toThrow(TypeError);
    expect(() => model.estimate(emptyTracedState(), 'liver')).toThrow('no skill liver');
  });

  it('stays small: what was not seen for long is forgotten', () => {
    let state: MasteryState = emptyTracedState();
    for (let turn = 0; turn < 4_000; turn++) {
      const item = { number: 1_000 + turn, skillIds: ['nucleus'], difficulty: 0 };
      ({ state } = model.update(state, { item, correct: turn % 3 > 0, at: 0 }));
    }
    expect(storedOf(state).items.length).toBeLessThanOrEqual(1_500);
  });
});

describe('a population as bytes', () => {
  it('is the same when it is read again', () => {
    const population = priorPopulation();
    population.difficulties.add({ item: 3, skills: [1, 2], authored: -0.5 }, 1);
    const again = decodePopulation(encodePopulation(population));
    expect(again.weights).toEqual(population.weights);
    expect([...again.difficulties.items]).toEqual([...population.difficulties.items]);
    expect([...again.difficulties.skillSets]).toEqual([...population.difficulties.skillSets]);
    for (let column = 0; column < population.index.size; column++) {
      expect(again.index.featureOf(column)).toEqual(population.index.featureOf(column));
    }
  });

  it('is refused when it is cut, or something else', () => {
    const bytes = encodePopulation(priorPopulation());
    expect(() => decodePopulation(bytes.subarray(0, bytes.length - 1))).toThrow('cut short');
    expect(() => decodePopulation(new Uint8Array(0))).toThrow('header');
    expect(() => decodePopulation(new TextEncoder().encode('not a population at all'))).toThrow(TypeError);
  });
});
