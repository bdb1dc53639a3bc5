import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureIndex } from './feature-index.js';

const feature = fc.tuple(fc.nat({ max: 60 }), fc.nat({ max: 2 ** 21 - 1 }), fc.nat({ max: 2 ** 21 - 1 }));

describe('an index of features', () => {
  it('gives each feature a column of its own, and finds it again', () => {
    fc.assert(
      fc.property(fc.uniqueArray(feature, { maxLength: 200, selector: String }), (features) => {
        const index = new FeatureIndex(4);
        for (const [column, [template, a, b]] of features.entries()) {
          expect(index.find(template, a, b)).toBe(-1);
          expect(index.intern(template, a, b)).toBe(column);
        }
        expect(index.size).toBe(features.length);
        for (const [column, [template, a, b]] of features.entries()) {
          expect(index.find(template, a, b)).toBe(column);
          expect(index.intern(template, a, b)).toBe(column);
          expect(index.featureOf(column)).toEqual({ template, a, b });
          expect(index.templateOf(column)).toBe(template);
        }
      }),
    );
  });
});
