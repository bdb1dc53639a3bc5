import { describe, expect, it } from 'vitest';
import { accuracyOf, countConfusion, kappaOf, macroMean, measuresByLabel, mostConfused } from './confusion-matrix.js';

const labels = ['a', 'b', 'c'];
const pairs = (...given: readonly (readonly [number, number, number])[]) =>
  given.flatMap(([truth, label, times]) => Array.from({ length: times }, () => ({ truth, given: label })));
// Of 10 a, 8 are right; of 5 b, 3; of 5 c, none.
const confusion = countConfusion(pairs([0, 0, 8], [0, 1, 2], [1, 1, 3], [1, 0, 2], [2, 0, 1], [2, 1, 4]), 3);

describe('a confusion matrix', () => {
  it('has a row for each true label', () => {
    expect(confusion).toEqual([
      [8, 2, 0],
      [2, 3, 0],
      [1, 4, 0],
    ]);
    expect(accuracyOf(confusion)).toBe(11 / 20);
  });

  it('gives precision, recall and F1, and nothing where there is nothing to divide by', () => {
    expect(measuresByLabel(confusion, labels)).toEqual([
      { label: 'a', examples: 10, precision: 8 / 11, recall: 0.8, f1: 16 / 21 },
      { label: 'b', examples: 5, precision: 3 / 9, recall: 0.6, f1: 6 / 14 },
      { label: 'c', examples: 5, precision: null, recall: 0, f1: 0 },
    ]);
    const empty = measuresByLabel(countConfusion(pairs([0, 0, 1]), 2), ['a', 'b']);
    expect(empty[1]).toEqual({ label: 'b', examples: 0, precision: null, recall: null, f1: null });
    expect(macroMean(empty, 'recall')).toBe(1);
  });

  it('gives Cohen’s κ', () => {
    // Cohen (1960): observed 0.55, by chance (10 × 11 + 5 × 9 + 5 × 0) / 400.
    expect(kappaOf(confusion)).toBeCloseTo((0.55 - 155 / 400) / (1 - 155 / 400), 12);
    expect(kappaOf([[3]])).toBe(0);
  });

  it('names the pairs that are mistaken most, by their share', () => {
    expect(mostConfused(confusion, labels).slice(0, 2)).toEqual([
      { given: 'b', instead: 'c', examples: 4, of: 5 },
      { given: 'a', instead: 'b', examples: 2, of: 5 },
    ]);
  });
});
