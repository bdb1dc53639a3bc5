import { describe, expect, it } from 'vitest';
import { seededRng } from './rng.js';

describe('seededRng', () => {
  it('gives the same sequence for the same seed, for ever', () => {
    const rng = seededRng('decision 1');
    expect([rng(), rng(), rng()]).toMatchInlineSnapshot(`
      [
        0.6518010329455137,
        0.08973626303486526,
        0.1875901441089809,
      ]
    `);
  });

  it('gives uniform numbers', () => {
    const rng = seededRng('uniform');
    const buckets = new Array<number>(10).fill(0);
    for (let i = 0; i < 100_000; i++) buckets[Math.floor(rng() * 10)]!++;
    const chiSquare = buckets.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(27.9); // 99.9 % quantile with 9 degrees of freedom
  });

  it('gives unlike sequences for seeds that are nearly alike', () => {
    expect(seededRng('a')()).not.toBeCloseTo(seededRng('b')(), 6);
  });
});
