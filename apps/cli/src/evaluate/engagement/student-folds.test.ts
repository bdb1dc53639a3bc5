import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { dealStudents, divideFor, folds } from './student-folds.js';

describe('folds of students', () => {
  it('hold each student once, about as many in each', () => {
    const foldOf = dealStudents(
      Array.from({ length: 24 }, (_, at) => `${at >> 1}`),
      seededRng('folds'),
    );
    const sizes = Array.from(
      { length: folds },
      (_, fold) => [...foldOf.values()].filter((each) => each === fold).length,
    );
    expect(sizes).toEqual([3, 3, 2, 2, 2]);
  });

  it('ask every example once, and never learn from a student who is asked', () => {
    const students = fc
      .array(fc.nat({ max: 20 }), { maxLength: 60 })
      .map((drawn) => [...drawn, 0, 1, 2, 3, 4].map(String));
    fc.assert(
      fc.property(students, fc.string(), (whose, seed) => {
        const foldOf = dealStudents(whose, seededRng(seed));
        const divided = Array.from({ length: folds }, (_, fold) => divideFor(fold, whose, foldOf));
        expect(divided.flatMap(({ asked }) => asked).sort((a, b) => a - b)).toEqual([...whose.keys()]);
        for (const { asked, learnt, validation, earlier } of divided) {
          expect([...validation, ...earlier].sort((a, b) => a - b)).toEqual(learnt);
          for (const [one, other] of [
            [asked, learnt],
            [validation, earlier],
          ] as const) {
            const seen = new Set(one.map((at) => whose[at]));
            expect(other.some((at) => seen.has(whose[at]))).toBe(false);
          }
        }
      }),
    );
  });
});
