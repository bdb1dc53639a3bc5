import { describe, expect, it } from 'vitest';
import { TokenBuckets } from './token-buckets.js';

describe('TokenBuckets', () => {
  it('allows a burst, then as many as flow in, and says how long to wait', () => {
    const buckets = new TokenBuckets(2, 3, 10);
    expect([1, 2, 3, 4].map(() => buckets.take('a', 1_000))).toEqual([0, 0, 0, 0.5]);
    expect(buckets.take('a', 1_250)).toBeCloseTo(0.25);
    expect(buckets.take('a', 1_500)).toBe(0);
    expect(buckets.take('a', 1_500)).toBe(0.5);
  });

  it('fills no further than to the brim, and not when the clock goes back', () => {
    const buckets = new TokenBuckets(2, 2, 10);
    expect([1, 2, 3].map(() => buckets.take('a', 1_000_000) > 0)).toEqual([false, false, true]);
    expect([1, 2, 3].map(() => buckets.take('a', 9_000_000) > 0)).toEqual([false, false, true]);
    expect(buckets.take('a', 8_000_000)).toBe(0.5);
  });

  it('keeps the keys apart, and forgets the one that was quiet the longest', () => {
    const buckets = new TokenBuckets(1, 1, 2);
    expect([buckets.take('a', 0), buckets.take('b', 0)]).toEqual([0, 0]);
    expect(buckets.take('a', 0)).toBe(1);
    expect(buckets.take('c', 0)).toBe(0);
    expect(buckets.size).toBe(2);
    expect(buckets.take('a', 0)).toBe(1);
    expect(buckets.take('b', 0)).toBe(0);
  });
});
