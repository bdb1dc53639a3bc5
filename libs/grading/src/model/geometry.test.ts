import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, boundsOf, contains, distanceToOutline, selfCrossing, type Polygon } from './geometry.js';

const square: Polygon = [
  [10, 10],
  [30, 10],
  [30, 30],
  [10, 30],
];
/** A U: the gap between its arms is outside. */
const cup: Polygon = [
  [0, 0],
  [10, 0],
  [10, 20],
  [20, 20],
  [20, 0],
  [30, 0],
  [30, 30],
  [0, 30],
];
const bowTie: Polygon = [
  [0, 0],
  [10, 10],
  [10, 0],
  [0, 10],
];

describe('outlines', () => {
  it('have an area and bounds', () => {
    expect(areaOf(square)).toBe(400);
    expect(areaOf([...square].reverse())).toBe(400);
    expect(areaOf(cup)).toBe(700);
    expect(boundsOf(cup)).toEqual({ left: 0, top: 0, right: 30, bottom: 30 });
  });
  it('contain what is inside, hollows apart', () => {
    expect(contains(cup, 5, 5)).toBe(true);
    expect(contains(cup, 15, 5)).toBe(false);
    expect(contains(cup, 15, 25)).toBe(true);
    expect(contains(cup, 40, 5)).toBe(false);
  });
  it('have a distance to a point on either side, at sides and corners', () => {
    expect(distanceToOutline(square, 20, 5)).toBe(5);
    expect(distanceToOutline(square, 20, 12)).toBe(2);
    expect(distanceToOutline(square, 7, 6)).toBe(5);
    expect(
      distanceToOutline(
        [
          [1, 1],
          [1, 1],
          [1, 1],
        ],
        4,
        5,
      ),
    ).toBe(5);
  });
  it('cross themselves or do not', () => {
    expect(selfCrossing(bowTie)).toEqual([0, 2]);
    expect(selfCrossing(square)).toBeNull();
    expect(selfCrossing(cup)).toBeNull();
  });
  it('contain a point of a convex outline exactly if it is on the same side of every side', () => {
    const angles = fc.uniqueArray(fc.integer({ min: 0, max: 359 }), { minLength: 3, maxLength: 12 });
    fc.assert(
      fc.property(
        angles,
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        (list, x, y) => {
          const polygon = [...list]
            .sort((a, b) => a - b)
            .map((angle) => [Math.cos((angle * Math.PI) / 180), Math.sin((angle * Math.PI) / 180)] as const);
          fc.pre(distanceToOutline(polygon, x, y) > 1e-6);
          const inside = polygon.every(([ax, ay], i) => {
            const [bx, by] = polygon[(i + 1) % polygon.length]!;
            return (bx - ax) * (y - ay) - (by - ay) * (x - ax) > 0;
          });
          expect(contains(polygon, x, y)).toBe(inside);
        },
      ),
    );
  });
});
