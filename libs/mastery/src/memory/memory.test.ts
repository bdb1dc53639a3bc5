import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  dueOn,
  dueReviews,
  earliestDue,
  emptyMemory,
  parseMemory,
  remember,
  retrievability,
  type Recall,
} from './memory.js';

const recall = fc.constantFrom<Recall>('failed', 'hard', 'good');
const skillIds = ['membrane'];

function after(reviews: readonly (readonly [day: number, recall: Recall])[]): ReturnType<typeof emptyMemory> {
  return reviews.reduce((state, [day, how]) => remember(state, { skillIds, recall: how, day }), emptyMemory());
}

describe('memory of a skill', () => {
  it('is due when recall has fallen to .9, and falls further from there', () => {
    const state = after([
      [100, 'good'],
      [103, 'good'],
    ]);
    const due = dueOn(state, 'membrane')!;
    expect(retrievability(state, 'membrane', 103)).toBe(1);
    expect(retrievability(state, 'membrane', due)).toBeCloseTo(0.9, 1);
    expect(dueReviews(state, due - 1)).toEqual([]);
    expect(dueReviews(state, due)).toEqual([
      { skillId: 'membrane', retrievability: retrievability(state, 'membrane', due), dueOn: due },
    ]);
    expect(retrievability(state, 'membrane', due + 30)!).toBeLessThan(retrievability(state, 'membrane', due)!);
  });

  it('is first due on the earliest day of any skill', () => {
    const days = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat({ max: 400 }), recall), { maxLength: 12 });
    fc.assert(
      fc.property(days, (answers) => {
        const state = answers.reduce(
          (before, [skillId, day, how]) => remember(before, { skillIds: [skillId], recall: how, day }),
          emptyMemory(),
        );
        const first = earliestDue(state);
        if (answers.length === 0) expect(first).toBeNull();
        else {
          expect(dueReviews(state, first! - 1)).toEqual([]);
          expect(dueReviews(state, first!).map((review) => review.dueOn)).toContain(first);
        }
      }),
    );
  });

  it('has the first stability and difficulty of the published default weights', () => {
    const { stability, difficulty } = after([[0, 'good']]).skills['membrane']!;
    expect(stability).toBeCloseTo(2.3065, 4);
    expect(difficulty).toBeCloseTo(6.4133 - Math.exp(0.8334 * 2) + 1, 3);
  });

  it('takes only the first answer of a day, and none from a day before', () => {
    fc.assert(
      fc.property(recall, fc.array(recall, { maxLength: 5 }), fc.nat({ max: 20 }), (first, repeats, back) => {
        const once = after([
          [50, 'good'],
          [60, first],
        ]);
        const often = repeats.reduce((state, how) => remember(state, { skillIds, recall: how, day: 60 - back }), once);
        expect(often).toBe(once);
      }),
    );
  });

  it('lasts longer after a good recall than after a hard one, and least after a failed one', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 8 }), (gaps) => {
        let day = 0;
        const past = gaps.map((gap) => [(day += gap), 'good'] as const);
        const [good, hard, failed] = (['good', 'hard', 'failed'] as const).map((how) =>
          dueOn(after([...past, [day + 5, how]]), 'membrane'),
        );
        expect(good!).toBeGreaterThanOrEqual(hard!);
        expect(hard!).toBeGreaterThanOrEqual(failed!);
        expect(failed!).toBeGreaterThan(day + 5);
      }),
    );
  });

  it('keeps every skill of an item, once each, whatever it is called', () => {
    const state = remember(emptyMemory(), { skillIds: ['__proto__', 'b', 'b'], recall: 'failed', day: 1 });
    expect(Object.keys(state.skills).sort()).toEqual(['__proto__', 'b']);
    expect(state.skills['b']!.reviews).toBe(1);
    expect(
      dueReviews(state, 365)
        .map(({ skillId }) => skillId)
        .sort(),
    ).toEqual(['__proto__', 'b']);
  });

  it('follows the weights of a learner', () => {
    const slow = { ...emptyMemory(), weights: Array.from({ length: 21 }, (_, at) => (at < 4 ? 20 : defaults[at]!)) };
    const state = remember(slow, { skillIds, recall: 'good', day: 0 });
    expect(state.skills['membrane']!.stability).toBeCloseTo(20, 6);
    expect(dueOn(state, 'membrane')).toBeGreaterThan(dueOn(after([[0, 'good']]), 'membrane')!);
  });

  it('is read back as it was written, and refuses what it is not', () => {
    const state = after([
      [1, 'good'],
      [9, 'failed'],
    ]);
    expect(parseMemory(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(() => parseMemory({ version: 2, skills: {} })).toThrow('version');
    expect(() => parseMemory({ version: 1, skills: { a: { stability: null } } })).toThrow('a holds');
    expect(() => parseMemory({ version: 1, skills: {}, weights: [1] })).toThrow('21');
  });
});

/** The default weights of FSRS-6. */
const defaults = [
  0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796, 1.4835, 0.0614, 0.2629, 1.6483,
  0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542,
];
