import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { betaCdf, type Beta } from './beta-distribution.js';
import { largestOf } from './largest-of.js';

describe('the beta distribution', () => {
  it('has the values of its closed forms', () => {
    expect(betaCdf({ a: 1, b: 1 })(0.3)).toBeCloseTo(0.3, 12);
    expect(betaCdf({ a: 4, b: 1 })(0.3)).toBeCloseTo(0.3 ** 4, 12);
    expect(betaCdf({ a: 1, b: 3 })(0.3)).toBeCloseTo(1 - 0.7 ** 3, 12);
    expect(betaCdf({ a: 0.5, b: 0.5 })(0.3)).toBeCloseTo((2 / Math.PI) * Math.asin(Math.sqrt(0.3)), 12);
    expect(betaCdf({ a: 50_000, b: 50_000 })(0.5)).toBeCloseTo(0.5, 8);
  });
  it('grows from 0 to 1 and is mirrored by its mirror', () => {
    const parameter = fc.double({ min: 0.05, max: 5_000, noNaN: true });
    // 1 − x is exact for these
    const at = fc.integer({ min: 0, max: 1024 }).map((part) => part / 1024);
    fc.assert(
      fc.property(parameter, parameter, at, at, (a, b, x, y) => {
        const [low, high] = [betaCdf({ a, b })(Math.min(x, y)), betaCdf({ a, b })(Math.max(x, y))];
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(high - low).toBeGreaterThanOrEqual(-1e-10);
        expect(betaCdf({ a, b })(x)).toBeCloseTo(1 - betaCdf({ a: b, b: a })(1 - x), 9);
      }),
    );
  });
});

/** P(X > Y), for whole numbers (J. D. Cook, "Exact calculation of beta inequalities", 2005). */
function exactly(x: Beta, y: Beta): number {
  const logBeta = (a: number, b: number): number => logFactorial(a - 1) + logFactorial(b - 1) - logFactorial(a + b - 1);
  let sum = 0;
  for (let i = 0; i < x.a; i++) {
    sum += Math.exp(logBeta(y.a + i, x.b + y.b) - Math.log(x.b + i) - logBeta(1 + i, x.b) - logBeta(y.a, y.b));
  }
  return sum;
}
function logFactorial(n: number): number {
  let sum = 0;
  for (let k = 2; k <= n; k++) sum += Math.log(k);
  return sum;
}

describe('the chance to be the largest', () => {
  const whole = fc.integer({ min: 1, max: 400 });
  it('of two is the exact one', () => {
    let worst = 0;
    fc.assert(
      fc.property(whole, whole, whole, whole, (a, b, c, d) => {
        const [found] = largestOf([
          { a, b },
          { a: c, b: d },
        ]);
        worst = Math.max(worst, Math.abs(found! - exactly({ a, b }, { a: c, b: d })));
      }),
      { numRuns: 60 },
    );
    expect(worst).toBeLessThan(0.002);
  });

  it('of several is what draws give', () => {
    const sets: readonly (readonly Beta[])[] = [
      [
        { a: 3, b: 2 },
        { a: 30, b: 25 },
        { a: 1, b: 1 },
      ],
      [
        { a: 600, b: 400 },
        { a: 59, b: 41 },
        { a: 4, b: 2 },
        { a: 2, b: 3 },
      ],
    ];
    for (const betas of sets) {
      const rng = seededRng('largest');
      const wins = betas.map(() => 0);
      const draws = 60_000;
      // whole parameters: a beta variable is an order statistic of uniform ones, by way of gamma variables
      const gamma = (shape: number): number => {
        let sum = 0;
        for (let k = 0; k < shape; k++) sum -= Math.log(1 - rng());
        return sum;
      };
      for (let n = 0; n < draws; n++) {
        const drawn = betas.map(({ a, b }) => (a + b > 200 ? normal(rng, a, b) : ratio(gamma(a), gamma(b))));
        wins[drawn.indexOf(Math.max(...drawn))]! += 1;
      }
      largestOf(betas).forEach((share, index) => {
        const error = Math.abs(share - wins[index]! / draws);
        expect(error).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / draws) + 0.002);
      });
    }
  });

  it('is a distribution, whatever order they come in, and grows with the mean', () => {
    const beta = fc.record({
      a: fc.double({ min: 0.1, max: 2_000, noNaN: true }),
      b: fc.double({ min: 0.1, max: 2_000, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(beta, { minLength: 2, maxLength: 5 }), (betas) => {
        const shares = largestOf(betas);
        expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 10);
        for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
        const turned = largestOf([...betas].reverse()).reverse();
        turned.forEach((share, index) => expect(share).toBeCloseTo(shares[index]!, 10));
        const better = largestOf(betas.map((each, index) => (index === 0 ? { ...each, a: each.a * 1.5 } : each)));
        expect(better[0]!).toBeGreaterThanOrEqual(shares[0]! - 0.002);
      }),
      { numRuns: 40 },
    );
  });

  it('is never negative, where a distribution function is rounded in its tail', () => {
    const betas = [
      { a: 0.1884785710816653, b: 0.1 },
      { a: 0.16668450172171506, b: 0.1 },
      { a: 1999.9999999999834, b: 1999.999999999919 },
      { a: 1999.9999999999854, b: 1999.999999999923 },
      { a: 26.159744531673315, b: 0.1 },
    ];
    expect(Math.min(...largestOf(betas))).toBeGreaterThanOrEqual(0);
  });

  it('is even among equals, and sure of one alone', () => {
    for (const share of largestOf(new Array(4).fill({ a: 2, b: 5 }))) expect(share).toBeCloseTo(0.25, 12);
    expect(largestOf([{ a: 1, b: 9 }])).toEqual([1]);
    expect(largestOf([])).toEqual([]);
  });
});

function ratio(one: number, other: number): number {
  return one / (one + other);
}

/** A firm beta variable is nearly normal. */
function normal(rng: () => number, a: number, b: number): number {
  const z = Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
  return a / (a + b) + z * Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1)));
}
