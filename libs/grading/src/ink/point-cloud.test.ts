import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Drawing } from './ink.js';
import { matchClouds, modifiedHausdorff } from './match-clouds.js';
import { cloudOfPixels, cloudOfStrokes, type PointCloud } from './point-cloud.js';
import { thinInk } from './thin-ink.js';

const place = fc.tuple(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 0, max: 200 }));
const drawing = fc.array(fc.array(place, { minLength: 2, maxLength: 12 }), { minLength: 1, maxLength: 5 });

/** The points of a cloud, in an order of their own. */
function pointsOf({ x, y }: PointCloud): string[] {
  return Array.from(x, (each, i) => `${each.toFixed(6)} ${y[i]!.toFixed(6)}`).sort();
}

describe('a cloud of strokes', () => {
  it('is the same in whatever order and direction they were drawn, wherever and however large', () => {
    fc.assert(
      fc.property(drawing, fc.integer({ min: 1, max: 5 }), place, (strokes, factor, [dx, dy]) => {
        const moved = strokes.map((stroke) =>
          stroke.map(([x, y]): [number, number] => [x * factor + dx, y * factor + dy]),
        );
        const other = moved.toReversed().map((stroke) => stroke.toReversed());
        expect(pointsOf(cloudOfStrokes(other, 32)!)).toEqual(pointsOf(cloudOfStrokes(moved, 32)!));
        const [one, two] = [cloudOfStrokes(strokes, 32)!, cloudOfStrokes(moved, 32)!];
        expect(one.scale * factor).toBeCloseTo(two.scale, 6);
        one.x.forEach((x, i) => expect(x).toBeCloseTo(two.x[i]!, 6));
      }),
      { numRuns: 60 },
    );
  });

  it('has points of every stroke, as many as its length asks for', () => {
    const long = Array.from({ length: 31 }, (_, i): [number, number] => [i * 10, 0]);
    const short: [number, number][] = [
      [0, 50],
      [100, 50],
    ];
    const dot: [number, number][] = [[150, 80]];
    const { strokes } = cloudOfStrokes([short, dot, long], 41)!;
    const count = (stroke: number): number => strokes.filter((each) => each === stroke).length;
    expect([count(0), count(1), count(2)]).toEqual([10, 1, 30]);
    expect(cloudOfStrokes([], 8)).toBeNull();
    expect(cloudOfStrokes([dot], 8)!.scale).toBe(0);
  });
});

describe('a match of clouds', () => {
  it('is 0 for the same drawing, and pairs one to one', () => {
    fc.assert(
      fc.property(drawing, (strokes) => {
        const cloud = cloudOfStrokes(strokes, 24)!;
        const { distance, pairs } = matchClouds(cloud, cloud);
        expect(distance).toBeCloseTo(0, 9);
        expect(new Set(pairs).size).toBe(24);
        expect(modifiedHausdorff(cloud, cloud)).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  it('forgives leaning and stretching, and not another shape or a turn', () => {
    const letter: Drawing = [
      [
        [0, 0],
        [0, 100],
      ],
      [
        [0, 0],
        [60, 0],
      ],
      [
        [0, 50],
        [40, 50],
      ],
    ];
    const under = (map: (x: number, y: number) => [number, number]): PointCloud =>
      cloudOfStrokes(
        letter.map((stroke) => stroke.map(([x, y]) => map(x, y))),
        48,
      )!;
    const cloud = under((x, y) => [x, y]);
    const leaning = under((x, y) => [1.3 * x + 0.25 * y, y]);
    const upsideDown = under((x, y) => [x, -y]);
    const turned = under((x, y) => [-y, x]);
    expect(matchClouds(leaning, cloud).distance).toBeLessThan(0.2);
    expect(matchClouds(leaning, cloud).distance).toBeLessThan(matchClouds(leaning, cloud, { rounds: 0 }).distance);
    expect(matchClouds(upsideDown, cloud).distance).toBeGreaterThan(0.35);
    expect(matchClouds(turned, cloud).distance).toBeGreaterThan(0.35);
  });
});

describe('ink of a picture', () => {
  const stroke = (thick: number): [number, number][] =>
    Array.from({ length: 60 * thick }, (_, i) => [10 + (i % 60), 20 + Math.floor(i / 60)]);

  it('is thinned to lines that keep their length and their holes', () => {
    const line = thinInk(stroke(5));
    expect(line.length).toBeGreaterThan(50);
    expect(line.length).toBeLessThan(70);
    const ring: [number, number][] = [];
    for (let x = 0; x < 60; x++)
      for (let y = 0; y < 60; y++) if (Math.abs(Math.hypot(x - 30, y - 30) - 20) < 3) ring.push([x, y]);
    const thin = thinInk(ring);
    expect(thin.length).toBeLessThan(ring.length / 3);
    for (let angle = 0; angle < 360; angle += 10) {
      const [x, y] = [30 + 20 * Math.cos(angle / 57.3), 30 + 20 * Math.sin(angle / 57.3)];
      expect(Math.min(...thin.map(([u, v]) => Math.hypot(u - x, v - y)))).toBeLessThan(3.5);
    }
    expect(thinInk([])).toEqual([]);
  });

  it('has a cloud like that of the stroke that it is', () => {
    const inked = cloudOfPixels(stroke(4), 32)!;
    const drawn = cloudOfStrokes(
      [
        [
          [10, 22],
          [70, 22],
        ],
      ],
      32,
    )!;
    expect(matchClouds(inked, drawn).distance).toBeLessThan(0.05);
    expect(cloudOfPixels([], 8)).toBeNull();
  });
});
