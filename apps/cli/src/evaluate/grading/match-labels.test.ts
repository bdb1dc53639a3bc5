import { describe, expect, it } from 'vitest';
import { f1Of, matchLabels } from './match-labels.js';

const square = (left: number, top: number, side: number): [number, number][] => [
  [left, top],
  [left + side, top],
  [left + side, top + side],
  [left, top + side],
];
/** 20 × 20 pixels with a thing of 6 × 6 at (2, 2) and one of 4 × 4 at (12, 12). */
const labels = Int32Array.from({ length: 400 }, (_, at) => {
  const [x, y] = [at % 20, Math.floor(at / 20)];
  if (x >= 2 && x < 8 && y >= 2 && y < 8) return 7;
  return x >= 12 && x < 16 && y >= 12 && y < 16 ? 9 : 0;
});

describe('outlines beside labels', () => {
  it('are right where more than half is shared', () => {
    const exact = matchLabels([square(2, 2, 6), square(12, 12, 4)], labels, 20);
    expect([...exact.right]).toEqual([0, 1]);
    expect(f1Of([exact])).toBe(1);
    // 5 × 5 of 6 × 6 + 6 × 6 − 25 is 25/47; one pixel further it is 16/56.
    expect(matchLabels([square(3, 3, 6)], labels, 20).hit).toEqual(new Set([7]));
    expect(matchLabels([square(4, 4, 6)], labels, 20).hit).toEqual(new Set());
  });

  it('count against it where they are missing, or too many', () => {
    const half = matchLabels([square(2, 2, 6)], labels, 20);
    expect(half).toMatchObject({ found: 1, truth: 2 });
    expect(f1Of([half])).toBeCloseTo(2 / 3);
    expect(f1Of([matchLabels([square(2, 2, 6), square(12, 12, 4), square(0, 15, 4)], labels, 20)])).toBeCloseTo(4 / 5);
    expect(f1Of([matchLabels([], new Int32Array(400), 20)])).toBe(1);
  });
});
