import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FeatureIndex } from './feature-index.js';
import { FeatureRow } from './feature-row.js';
import { attuneFeatures, bestLr } from './features.js';
import { templates } from './templates.js';

const feature = fc
  .tuple(fc.nat({ max: templates.length - 1 }), fc.nat({ max: 3_000_000 }), fc.nat({ max: 200 }), fc.boolean())
  .map(([template, wide, b, isWide]) => {
    const { seconds } = templates[template]!;
    return { template, a: isWide ? wide % (1 << 21) : wide % 40, b: seconds === 0 ? b : b % seconds };
  });

describe('a row of features', () => {
  it('has the columns that the index has, however often they come', () => {
    fc.assert(
      fc.property(fc.array(feature, { maxLength: 100 }), (features) => {
        const index = new FeatureIndex();
        const row = new FeatureRow(index, attuneFeatures, true);
        for (let time = 0; time < 2; time++) {
          row.clear();
          for (const { template, a, b } of features) row.add(template, 0.5, a, b);
          expect([...row.columns.subarray(0, row.length)]).toEqual(
            features.map(({ template, a, b }) => index.find(template, a, b)),
          );
          expect([...row.templates.subarray(0, row.length)]).toEqual(features.map(({ template }) => template));
        }
      }),
    );
  });

  it('leaves out what the index lacks, and finds in the next row what it has got since', () => {
    const index = new FeatureIndex();
    const row = new FeatureRow(index, attuneFeatures, false);
    const length = (template: number, a: number): number => {
      row.clear();
      row.add(template, 1, a);
      return row.length;
    };
    expect(length(1, 5)).toBe(0);
    expect(length(1, 5)).toBe(0);
    index.intern(1, 6);
    expect(length(1, 5)).toBe(0);
    index.intern(1, 5);
    expect(length(1, 5)).toBe(1);
  });

  it('takes no template that the index has nothing of', () => {
    const index = new FeatureIndex();
    const row = new FeatureRow(index, attuneFeatures, false);
    expect(row.takes(1)).toBe(false);
    index.intern(1, 6);
    expect(row.takes(1)).toBe(true);
    expect(new FeatureRow(index, attuneFeatures, true).takes(2)).toBe(true);
  });

  it('leaves out what its model does not have', () => {
    const row = new FeatureRow(new FeatureIndex(), bestLr, true);
    for (let template = 0; template < templates.length; template++) row.add(template, 1);
    expect(row.length).toBe(templates.filter((_, template) => bestLr.has(template)).length);
  });
});
