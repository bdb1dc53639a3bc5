import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaUnderRoc } from './crop-figures.js';

const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 12 });

describe('areaUnderRoc', () => {
  it('is the share of pairs in the right order, ties counting half', () => {
    fc.assert(
      fc.property(values, values, (negatives, positives) => {
        const pairs = negatives.flatMap((low) => positives.map((high) => (high > low ? 1 : high === low ? 0.5 : 0)));
        const share = pairs.reduce<number>((sum, each) => sum + each, 0) / pairs.length;
        expect(areaUnderRoc(negatives, positives)).toBeCloseTo(share, 10);
      }),
    );
  });
});
