import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { discreteFrechet } from './discrete-frechet.js';

type Curve = [number, number][];

/** The definition, with every coupling tried. */
function bySearch(one: Curve, other: Curve, i = one.length - 1, j = other.length - 1): number {
  const distance = Math.hypot(one[i]![0] - other[j]![0], one[i]![1] - other[j]![1]);
  if (i === 0 && j === 0) return distance;
  const ways = [
    ...(i > 0 ? [bySearch(one, other, i - 1, j)] : []),
    ...(j > 0 ? [bySearch(one, other, i, j - 1)] : []),
    ...(i > 0 && j > 0 ? [bySearch(one, other, i - 1, j - 1)] : []),
  ];
  return Math.max(distance, Math.min(...ways));
}

const curve = fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), {
  minLength: 1,
  maxLength: 6,
});

it('is the shortest leash of all ways to walk', () => {
  fc.assert(
    fc.property(curve, curve, (one, other) => {
      expect(discreteFrechet(one, other)).toBeCloseTo(bySearch(one, other), 12);
    }),
  );
});

it('is the same both ways, and 0 for the same curve', () => {
  fc.assert(
    fc.property(curve, curve, (one, other) => {
      expect(discreteFrechet(one, other)).toBe(discreteFrechet(other, one));
      expect(discreteFrechet(one, one)).toBe(0);
    }),
  );
  expect(discreteFrechet([], [[0, 0]])).toBe(Infinity);
  expect(discreteFrechet([[0, 0]], [])).toBe(Infinity);
});
