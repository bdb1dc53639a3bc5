import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { auc, aucInterval, compareAuc, qualityOf } from './metrics.js';

const scored = fc
  .array(fc.record({ y: fc.integer({ min: 0, max: 1 }), p: fc.integer({ min: 0, max: 20 }) }), {
    minLength: 2,
    maxLength: 60,
  })
  .filter((rows) => rows.some(({ y }) => y === 1) && rows.some(({ y }) => y === 0));

describe('area under the curve', () => {
  it('is the share of pairs in which the right answer was held likelier, ties half', () => {
    fc.assert(
      fc.property(scored, (rows) => {
        const pairs = rows
          .filter(({ y }) => y === 1)
          .flatMap((right) => rows.filter(({ y }) => y === 0).map((wrong) => Math.sign(right.p - wrong.p)));
        const expected = pairs.reduce((sum, sign) => sum + (sign + 1) / 2, 0) / pairs.length;
        const area = auc(
          Uint8Array.from(rows, ({ y }) => y),
          Float64Array.from(rows, ({ p }) => p / 20),
        );
        expect(area).toBeCloseTo(expected, 12);
      }),
    );
  });
});

describe('an interval of the area', () => {
  // The pairs of a right and a wrong answer: .9 over .4, .9 over .6, .6 beside .6 (half), .6 over .4.
  const [answers, predictions] = [Uint8Array.of(1, 0, 1, 0), Float64Array.of(0.9, 0.4, 0.6, 0.6)];

  it('lies around the area, and is none where there is one learner to draw', () => {
    const options = { rng: seededRng('interval'), draws: 50 };
    expect(aucInterval(answers, Int32Array.of(0, 0, 0, 0), predictions, options)).toEqual({
      auc: 0.875,
      low: 0.875,
      high: 0.875,
    });
    const two = aucInterval(answers, Int32Array.of(0, 0, 1, 1), predictions, options);
    // Either learner twice: 1 of the first alone, ½ of the second alone.
    expect(two).toEqual({ auc: 0.875, low: 0.5, high: 1 });
  });
});

describe('quality', () => {
  it('gives the textbook figures', () => {
    const { rmse, logLoss, ece, bins, n } = qualityOf(Uint8Array.of(1, 0, 1, 1), Float64Array.of(0.8, 0.2, 0.6, 0.85));
    expect(n).toBe(4);
    expect(rmse).toBeCloseTo(Math.sqrt((0.04 + 0.04 + 0.16 + 0.0225) / 4), 12);
    expect(logLoss).toBeCloseTo(-(Math.log(0.8) + Math.log(0.8) + Math.log(0.6) + Math.log(0.85)) / 4, 12);
    // Bins: .2 (one, wrong), .6 (one, right), .8 (two, right).
    expect(ece).toBeCloseTo((0.2 + 0.4 + 2 * (1 - 0.825)) / 4, 12);
    expect(bins[8]).toEqual({ from: 0.8, count: 2, predicted: 0.825, observed: 1 });
  });
});

describe('comparing two models', () => {
  const rng = seededRng('compare');
  const n = 2_000;
  const learners = Int32Array.from({ length: n }, (_, at) => Math.floor(at / 20));
  const truth = Float64Array.from({ length: n }, () => rng());
  const answers = Uint8Array.from(truth, (p) => (rng() < p ? 1 : 0));
  const noisy = truth.map((p) => p + (rng() - 0.5));

  it('sees the better one, and nothing between equals', () => {
    const better = compareAuc(answers, learners, truth, noisy, { rng: seededRng('a'), draws: 200 });
    expect(better.low).toBeGreaterThan(0);
    expect(better.difference).toBeGreaterThan(better.low);
    expect(better.difference).toBeLessThan(better.high);
    expect(compareAuc(answers, learners, truth, truth, { rng: seededRng('a'), draws: 50 })).toEqual({
      difference: 0,
      low: 0,
      high: 0,
    });
  });
});
