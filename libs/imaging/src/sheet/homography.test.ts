import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applied, composed, inverse, moved, scaled, type Place2 } from './homography.js';
import type { Homography } from '../photo/messages.js';

const small = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
/** Homographies as photos of sheets have them: nearly a similarity, and never folded. */
const aHomography = fc
  .tuple(small(0.4), small(0.4), small(300), small(0.4), small(0.4), small(300), small(2e-4), small(2e-4))
  .map(([a, b, c, d, e, f, g, h]): Homography => [1 + a, b, c, d, 1 + e, f, g, h, 1])
  .filter(([a, b, , d, e]) => a * e - b * d > 0.1);
const aPlace = fc.tuple(small(500), small(500));

const near = ([x, y]: Place2, [u, v]: Place2) => expect(Math.hypot(u - x, v - y)).toBeLessThan(1e-3);

describe('homographies', () => {
  it('lead back where they came from, and one after the other', () => {
    fc.assert(
      fc.property(aHomography, aHomography, aPlace, (one, other, place) => {
        near(applied(inverse(one), applied(one, place)), place);
        near(applied(composed(one, other), place), applied(one, applied(other, place)));
      }),
    );
    expect(applied(composed(moved(10, 20), scaled(2)), [3, 4])).toEqual([16, 28]);
  });
});
