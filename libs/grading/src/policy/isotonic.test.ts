import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrate, calibrated, type Tried } from './isotonic.js';

const someTried = fc.array(
  fc.record({ confidence: fc.integer({ min: 0, max: 12 }).map((tenths) => tenths / 12), agrees: fc.boolean() }),
  { minLength: 1, maxLength: 40 },
);

/** By its definition: max over the starts below of the min over the ends above of the mean between (Barlow et al. 1972). */
function slowly(tried: readonly Tried[], at: number): number {
  const levels = [...new Set(tried.map(({ confidence }) => confidence))].sort((a, b) => a - b);
  const mean = (from: number, to: number): number => {
    const between = tried.filter(({ confidence }) => confidence >= from && confidence <= to);
    return between.filter(({ agrees }) => agrees).length / between.length;
  };
  const ends = (from: number): number[] => levels.filter((to) => to >= at).map((to) => mean(from, to));
  return Math.max(...levels.filter((from) => from <= at).map((from) => Math.min(...ends(from))));
}

describe('calibration by isotonic regression', () => {
  it('is the least-squares rising fit, kept off 0 and 1', () => {
    fc.assert(
      fc.property(someTried, (tried) => {
        const calibration = calibrate(tried);
        const doubt = 1 / (tried.length + 2);
        for (const { confidence } of tried) {
          const expected = Math.min(1 - doubt, Math.max(doubt, slowly(tried, confidence)));
          expect(calibrated(calibration, confidence)).toBeCloseTo(expected, 12);
        }
      }),
    );
  });

  it('rises, and does not hang on the order', () => {
    fc.assert(
      fc.property(someTried, (tried) => {
        const calibration = calibrate(tried);
        for (const [at, step] of calibration.entries()) {
          if (at > 0) expect(step.probability).toBeGreaterThanOrEqual(calibration[at - 1]!.probability);
        }
        expect(calibrate(tried.toReversed())).toEqual(calibration);
      }),
    );
  });

  it('says nothing where nothing was tried, and of a low confidence what it knows of the lowest', () => {
    expect(calibrated(calibrate([]), 0.9)).toBeNull();
    const known = calibrate([
      { confidence: 0.5, agrees: false },
      { confidence: 0.9, agrees: true },
    ]);
    expect([0.1, 0.5, 0.7, 0.9, 1].map((each) => calibrated(known, each))).toEqual([0.25, 0.25, 0.25, 0.75, 0.75]);
  });
});
