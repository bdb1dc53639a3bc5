import { describe, expect, it } from 'vitest';
import { wilsonLower, wilsonUpper } from './wilson.js';

describe('the interval of a proportion', () => {
  it('is that of Wilson', () => {
    expect(wilsonLower(54, 60)).toBeCloseTo(0.7985, 3);
    expect(wilsonLower(0, 10)).toBeCloseTo(0, 10);
    expect(wilsonLower(10, 10)).toBeCloseTo(0.7225, 3);
    expect(wilsonUpper(10, 10)).toBeCloseTo(1, 10);
    expect(wilsonUpper(25, 50)).toBeCloseTo(0.6337, 3);
    expect([wilsonLower(0, 0), wilsonUpper(0, 0)]).toEqual([0, 1]);
  });

  it('is the same for what did not happen, from the other side', () => {
    for (const [k, n] of [
      [0, 5],
      [3, 50],
      [49, 50],
    ] as const) {
      expect(wilsonUpper(k, n)).toBeCloseTo(1 - wilsonLower(n - k, n), 12);
    }
  });
});
