import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerBound, trialsFor, upperBound } from './clopper-pearson.js';

describe('the exact bound of a proportion', () => {
  it('is what tables say', () => {
    expect(upperBound(0, 149)).toBeCloseTo(0.0199, 4);
    expect(upperBound(0, 59)).toBeCloseTo(0.0495, 4);
    expect(upperBound(0, 299)).toBeCloseTo(0.00997, 5);
    // The two-sided 95 % interval of 1 of 10, and of 5 of 100.
    expect([lowerBound(1, 10, 0.025), upperBound(1, 10, 0.025)]).toEqual([
      expect.closeTo(0.0025, 4),
      expect.closeTo(0.445, 3),
    ]);
    expect([lowerBound(5, 100, 0.025), upperBound(5, 100, 0.025)]).toEqual([
      expect.closeTo(0.0164, 4),
      expect.closeTo(0.1128, 4),
    ]);
    expect([upperBound(0, 0), upperBound(3, 3), lowerBound(0, 0), lowerBound(0, 7)]).toEqual([1, 1, 0, 0]);
  });

  it('takes 59, 149 and 299 trials without a case for 5, 2 and 1 %', () => {
    expect([0.05, 0.02, 0.01].map((most) => trialsFor(0, most))).toEqual([59, 149, 299]);
    expect([1, 2, 5].map((cases) => trialsFor(cases, 0.02))).toEqual([236, 313, 523]);
  });

  it('rises with the cases, and falls with the trials', () => {
    fc.assert(
      fc.property(fc.nat(60), fc.integer({ min: 1, max: 400 }), (cases, others) => {
        const trials = cases + others;
        const bound = upperBound(cases, trials);
        expect(bound).toBeGreaterThan(cases / trials);
        expect(upperBound(cases + 1, trials)).toBeGreaterThan(bound);
        expect(upperBound(cases, trials + 1)).toBeLessThan(bound);
        expect(lowerBound(cases, trials)).toBeLessThanOrEqual(cases / trials);
      }),
    );
  });

  it('is reached by just so many trials', () => {
    fc.assert(
      fc.property(fc.nat(12), fc.double({ min: 0.01, max: 0.4, noNaN: true }), (cases, most) => {
        const trials = trialsFor(cases, most);
        expect(upperBound(cases, trials)).toBeLessThanOrEqual(most + 1e-9);
        expect(upperBound(cases, trials - 1)).toBeGreaterThan(most - 1e-9);
      }),
    );
  });
});
