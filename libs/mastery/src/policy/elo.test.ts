import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { emptyMastery, type ItemParameters, type MasteryState } from '../model/mastery-state.js';
import { estimate, predict, update } from './elo.js';

const item = (difficulty: number, ...skillIds: string[]): ItemParameters => ({ skillIds, difficulty });

function after(responses: readonly { item: ItemParameters; correct: boolean }[]): MasteryState {
  return responses.reduce((state, response) => update(state, response).state, emptyMastery());
}

/** `__proto__` and `constructor` are here because states are plain objects keyed by skill. */
const skillId = fc.constantFrom<string[]>('membrane', 'nucleus', 'ribosome', 'mitosis', '__proto__', 'constructor');
const anItem = fc.record({
  skillIds: fc.array(skillId, { minLength: 1, maxLength: 4 }),
  difficulty: fc.double({ min: -4, max: 4, noNaN: true }),
});
const history = fc.array(fc.record({ item: anItem, correct: fc.boolean() }), { maxLength: 40 });

describe('a golden history', () => {
  it('has the numbers of the formula, worked by hand', () => {
    const first = update(emptyMastery(), { item: item(0, 'membrane'), correct: true });
    expect(first.prediction).toEqual({
      probability: 0.5,
      terms: [
        { name: 'global', value: 0 },
        { name: 'skill:membrane', value: 0 },
        { name: 'difficulty', value: -0 },
      ],
    });
    expect(first.state).toEqual({
      version: 1,
      global: 0.25,
      responses: 1,
      skills: { membrane: { ability: 0.25, responses: 1, correct: 1, lead: 1 } },
    });
    // logit .25 + (.25 + 0) / 2 − 1 = −.625 → p = .348645; K(1) = .5 / 1.1 = .454545, K(0) = .5
    const second = update(first.state, { item: item(1, 'nucleus', 'membrane'), correct: false });
    expect(second.prediction.probability).toBeCloseTo(0.348645, 6);
    expect(second.state.global).toBeCloseTo(0.25 - 0.454545 * 0.348645, 5);
    expect(second.state.skills['membrane']!.ability).toBeCloseTo(0.25 - 0.454545 * 0.348645, 5);
    expect(second.state.skills['nucleus']!.ability).toBeCloseTo(-0.5 * 0.348645, 5);
    expect(second.state.skills['nucleus']).toMatchObject({ responses: 1, correct: 0 });
  });

  it('counts the lead: one up for a right answer, two down for a wrong one, never below 0', () => {
    const answers = [true, true, true, false, false, true, false, true, true];
    const leads = answers.map((_, last) => {
      const past = answers.slice(0, last + 1).map((correct) => ({ item: item(0, 'membrane'), correct }));
      return estimate(after(past), 'membrane').lead;
    });
    expect(leads).toEqual([1, 2, 3, 1, 0, 1, 0, 1, 2]);
    expect(estimate(emptyMastery(), 'membrane').lead).toBe(0);
  });

  it('brings a skill to mastery with eight right answers in a row', () => {
    const right = Array.from({ length: 8 }, () => ({ item: item(0, 'membrane'), correct: true }));
    expect(estimate(after(right.slice(1)), 'membrane').probability).toBeLessThan(0.85);
    expect(estimate(after(right), 'membrane').probability).toBeGreaterThan(0.85);
  });
});

describe('laws', () => {
  it('a right answer raises the mastery of every skill of the item, a wrong one lowers it', () => {
    fc.assert(
      fc.property(history, anItem, fc.boolean(), (past, next, correct) => {
        const before = after(past);
        const { state } = update(before, { item: next, correct });
        for (const skill of next.skillIds) {
          const change = estimate(state, skill).probability - estimate(before, skill).probability;
          if (correct) expect(change).toBeGreaterThan(0);
          else expect(change).toBeLessThan(0);
        }
      }),
    );
  });

  it('leaves the relative ability of every other skill as it was', () => {
    fc.assert(
      fc.property(history, anItem, fc.boolean(), (past, next, correct) => {
        const before = after(past);
        const { state } = update(before, { item: next, correct });
        for (const skill of Object.keys(before.skills)) {
          if (!next.skillIds.includes(skill)) expect(state.skills[skill]).toBe(before.skills[skill]);
        }
      }),
    );
  });

  it('does not depend on the order of the skills, nor on repeats', () => {
    fc.assert(
      fc.property(history, anItem, fc.boolean(), (past, next, correct) => {
        const before = after(past);
        const turned = { ...next, skillIds: [...next.skillIds].reverse().concat(next.skillIds) };
        expect(update(before, { item: turned, correct })).toEqual(update(before, { item: next, correct }));
      }),
    );
  });

  it('predicts the logistic function of the sum of its terms, and higher for an easier item', () => {
    fc.assert(
      fc.property(history, anItem, (past, next) => {
        const state = after(past);
        const { probability, terms } = predict(state, next);
        const logit = terms.reduce((sum, term) => sum + term.value, 0);
        expect(probability).toBeCloseTo(1 / (1 + Math.exp(-logit)), 10);
        expect(predict(state, { ...next, difficulty: next.difficulty - 0.5 }).probability).toBeGreaterThan(probability);
        expect(update(state, { item: next, correct: true }).prediction).toEqual({ probability, terms });
      }),
    );
  });

  it('puts the estimate inside its interval, which narrows on the logit scale with every response to the skill', () => {
    const width = (state: MasteryState, skill: string): number => {
      const { low, high } = estimate(state, skill);
      return Math.log(high / (1 - high)) - Math.log(low / (1 - low));
    };
    fc.assert(
      fc.property(history, anItem, fc.boolean(), (past, next, correct) => {
        const before = after(past);
        const { state } = update(before, { item: next, correct });
        for (const skill of next.skillIds) {
          const { low, probability, high } = estimate(state, skill);
          expect(low).toBeLessThan(probability);
          expect(high).toBeGreaterThan(probability);
          expect(width(state, skill)).toBeLessThan(width(before, skill));
        }
      }),
    );
  });

  it('counts every response and every right answer, under whatever name a skill has', () => {
    fc.assert(
      fc.property(history, (past) => {
        const state = after(past);
        expect(state.responses).toBe(past.length);
        for (const skill of ['membrane', '__proto__', 'constructor']) {
          const own = past.filter((response) => response.item.skillIds.includes(skill));
          expect(estimate(state, skill).responses).toBe(own.length);
          if (own.length === 0) continue;
          expect(Object.getOwnPropertyDescriptor(state.skills, skill)?.value).toMatchObject({
            responses: own.length,
            correct: own.filter((response) => response.correct).length,
          });
        }
      }),
    );
  });

  it('never changes its input', () => {
    fc.assert(
      fc.property(history, anItem, fc.boolean(), (past, next, correct) => {
        const state = after(past);
        const copy = structuredClone(state);
        for (const skill of Object.values(state.skills)) Object.freeze(skill);
        Object.freeze(state.skills);
        update(Object.freeze(state), { item: Object.freeze(next), correct });
        expect(state).toEqual(copy);
      }),
    );
  });
});

it('keeps narrowing its interval, without a step, after thousands of responses', () => {
  const known = (responses: number): number => {
    const skills = { membrane: { ability: 0, responses, correct: 0 } };
    return estimate({ version: 1, global: 0, responses, skills }, 'membrane').high;
  };
  for (const n of [10, 998, 999, 1_000, 1_001, 5_000]) expect(known(n + 1)).toBeLessThan(known(n));
  expect(known(1_000) - known(1_001)).toBeLessThan(1e-4);
});

it('holds what it says: of learners drawn from its own assumptions, about 90 % lie within the interval', () => {
  const rng = seededRng('coverage');
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  const skills = ['a', 'b', 'c', 'd'];
  const inside: Record<number, number> = { 5: 0, 20: 0, 80: 0 };
  const learners = 1_500;
  for (let learner = 0; learner < learners; learner++) {
    const ability = normal();
    const relative = Object.fromEntries(skills.map((skill) => [skill, Math.sqrt(0.5) * normal()]));
    let state = emptyMastery();
    for (let n = 1; n <= 80; n++) {
      const skill = skills[Math.floor(rng() * skills.length)]!;
      const difficulty = normal();
      const correct = rng() < 1 / (1 + Math.exp(difficulty - ability - relative[skill]!));
      state = update(state, { item: item(difficulty, skill), correct }).state;
      if (!(n in inside)) continue;
      const truth = 1 / (1 + Math.exp(-ability - relative['a']!));
      const { low, high } = estimate(state, 'a');
      if (low <= truth && truth <= high) inside[n]!++;
    }
  }
  for (const n of [5, 20, 80]) {
    expect(inside[n]! / learners).toBeGreaterThan(0.86);
    expect(inside[n]! / learners).toBeLessThan(0.96);
  }
});
