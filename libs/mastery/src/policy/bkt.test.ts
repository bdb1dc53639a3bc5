import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { afterAnswer, knownFrom, usualBkt } from './bkt.js';

const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });

it('has the numbers of the formula, worked by hand', () => {
  // .25 · .9 / (.25 · .9 + .75 · .25) = .545455; + .454545 · .15 = .613636
  expect(afterAnswer([0.25], true)[0]).toBeCloseTo(0.613636, 6);
  // .25 · .1 / (.25 · .1 + .75 · .75) = .042553; + .957447 · .15 = .18617
  expect(afterAnswer([0.25], false)[0]).toBeCloseTo(0.18617, 6);
});

it('moves every skill of an item up with a right answer, and blames the weakest most for a wrong one', () => {
  fc.assert(
    fc.property(probability, probability, (one, other) => {
      const right = afterAnswer([one, other], true);
      expect(right[0]).toBeGreaterThan(one);
      expect(right[1]).toBeGreaterThan(other);
      const withoutLearning = { ...usualBkt, learn: 0 };
      const wrong = afterAnswer([one, other], false, withoutLearning);
      const odds = (p: number): number => p / (1 - p);
      const fall = (before: number, after: number): number => odds(before) / odds(after);
      expect(wrong[0]).toBeLessThan(one);
      // Blame is the fall of the odds: the better the other skill is known, the greater it is.
      if (one < other) expect(fall(one, wrong[0]!)).toBeGreaterThanOrEqual(fall(other, wrong[1]!) - 1e-9);
    }),
  );
});

it('comes to rest between 0 and 1, whatever is answered', () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (answers) => {
      const known = answers.reduce<readonly number[]>((now, right) => afterAnswer(now, right), [usualBkt.known, 0.5]);
      for (const one of known) {
        expect(one).toBeGreaterThanOrEqual(0);
        expect(one).toBeLessThanOrEqual(1);
      }
    }),
  );
});

it('says that a skill is known after four right answers in a row, not after three', () => {
  let known: readonly number[] = [usualBkt.known];
  for (let turn = 0; turn < 3; turn++) known = afterAnswer(known, true);
  expect(known[0]).toBeLessThan(knownFrom);
  expect(afterAnswer(known, true)[0]).toBeGreaterThan(knownFrom);
});
