import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.js';
import { binomialTail, checkGolden, type GoldenOutcome } from './check-golden.js';

const manifest = {
  labels: ['a', 'b'],
  outputs: [{ name: 'probs' }],
  metrics: { examples: 100, overall: { accuracy: 0.95 } },
  golden: { tolerance: 1e-4, imageTolerance: 0.02 },
} as unknown as Manifest;

function outcome(more: Partial<GoldenOutcome> = {}, probs = [0.9, 0.1]): GoldenOutcome {
  return {
    expected: new Map([['probs', probs]]),
    given: new Map([['probs', probs]]),
    fromPicture: null,
    label: 'a',
    ...more,
  };
}

describe('golden cases', () => {
  it('tell the largest deviation, and how many show what they say', () => {
    const off = outcome({ given: new Map([['probs', [0.90005, 0.09995]]]), fromPicture: [0.91, 0.09] });
    expect(checkGolden([outcome(), off], manifest)).toEqual({
      tensor: expect.closeTo(5e-5, 8),
      picture: expect.closeTo(0.01, 8),
      right: 2,
      labelled: 2,
    });
  });

  it('are refused where they deviate, are no numbers, or lack an output', () => {
    const refused = (more: Partial<GoldenOutcome>) => checkGolden([outcome(more)], manifest);
    expect(refused({ given: new Map([['probs', [0.8998, 0.1002]]]) })).toMatchObject({ reason: 'golden-mismatch' });
    expect(refused({ fromPicture: [0.87, 0.13] })).toMatchObject({ reason: 'golden-mismatch' });
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(refused({ given: new Map([['probs', [bad, 0]]]) })).toMatchObject({ reason: 'not-finite' });
      expect(refused({ fromPicture: [bad, 0] })).toMatchObject({ reason: 'not-finite' });
    }
    expect(refused({ given: new Map() })).toMatchObject({ reason: 'golden-incomplete' });
    expect(refused({ given: new Map([['probs', [0.9]]]) })).toMatchObject({ reason: 'golden-incomplete' });
  });

  it('show swapped labels, but not an honest miss', () => {
    const wrong = outcome({ label: 'b' });
    const missed = (count: number) =>
      checkGolden(
        Array.from({ length: 8 }, (_, i) => (i < count ? wrong : outcome())),
        manifest,
      );
    expect(missed(1)).toMatchObject({ right: 7 });
    expect(missed(2)).toMatchObject({ right: 6 });
    expect(missed(4)).toMatchObject({ kind: 'refused', reason: 'labels-swapped' });
    expect(missed(8)).toMatchObject({ kind: 'refused', reason: 'labels-swapped' });
  });
});

describe('the tail of a binomial distribution', () => {
  it('is the sum of its terms', () => {
    expect(binomialTail(0, 3, 0.5)).toBeCloseTo(1 / 8, 12);
    expect(binomialTail(1, 3, 0.5)).toBeCloseTo(4 / 8, 12);
    expect(binomialTail(2, 10, 0.3)).toBeCloseTo(0.3827827864, 9);
    expect(binomialTail(3, 3, 0.5)).toBe(1);
    expect(binomialTail(2, 3, 0)).toBe(1);
    expect(binomialTail(2, 3, 1)).toBe(0);
  });
});
