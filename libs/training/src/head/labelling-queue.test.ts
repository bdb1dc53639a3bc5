import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { kCentres, nextToLabel, pairwiseDistances } from './labelling-queue.js';
import { matrix, type Matrix } from './matrix.js';

/** Points in a plane. */
const plane = (points: readonly (readonly [number, number])[]): Matrix => ({
  rows: points.length,
  columns: 2,
  data: Float64Array.from(points.flat()),
});
const points = fc.uniqueArray(fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 })), {
  minLength: 2,
  maxLength: 20,
  selector: ([x, y]) => `${x} ${y}`,
});

describe('kCentres', () => {
  it('chooses each once, and covers all within twice of what is best', () => {
    fc.assert(
      fc.property(points, fc.integer({ min: 1, max: 5 }), (drawn, count) => {
        const distances = pairwiseDistances(plane(drawn));
        const chosen = kCentres(distances, count);
        expect(new Set(chosen).size).toBe(Math.min(count, drawn.length));
        const radius = (centres: readonly number[]): number =>
          Math.max(
            ...drawn.map((_, row) => Math.min(...centres.map((to) => distances.data[row * drawn.length + to]!))),
          );
        const rng = seededRng('other centres');
        const others = Array.from({ length: 20 }, () => chosen.map(() => Math.floor(rng() * drawn.length)));
        for (const centres of others) expect(radius(chosen)).toBeLessThanOrEqual(2 * radius(centres) + 1e-9);
      }),
    );
  });

  it('soon comes to what is rare', () => {
    const crowd = Array.from({ length: 40 }, (_, at) => [at % 7, Math.floor(at / 7)] as const);
    expect(kCentres(pairwiseDistances(plane([...crowd, [90, 90]])), 2)).toContain(40);
  });
});

describe('nextToLabel', () => {
  const probs = (rows: readonly (readonly [number, number])[]): Matrix => plane(rows);

  it('asks for what is not clear, among many, and never for what is labelled', () => {
    const crowd = Array.from({ length: 12 }, (_, at) => [at * 0.1, 0] as const);
    const distances = pairwiseDistances(plane([...crowd, [500, 0], [0.55, 0.1]]));
    const given = probs([...crowd.map(() => [0.9, 0.1] as const), [0.5, 0.5], [0.55, 0.45]]);
    expect(nextToLabel(distances, given, () => false, 1)).toEqual([13]);
    expect(nextToLabel(distances, given, (example) => example === 13, 14)).not.toContain(13);
  });

  it('depends on no order of the examples', () => {
    fc.assert(
      fc.property(points, (drawn) => {
        const rng = seededRng('probs');
        const given = drawn.map(() => {
          const first = rng();
          return [first, 1 - first] as const;
        });
        const asked = nextToLabel(pairwiseDistances(plane(drawn)), probs(given), () => false, 1);
        const turned = nextToLabel(
          pairwiseDistances(plane(drawn.toReversed())),
          probs(given.toReversed()),
          () => false,
          1,
        );
        expect(drawn.length - 1 - turned[0]!).toBe(asked[0]);
      }),
    );
  });

  it('gives nothing where all are labelled', () => {
    expect(nextToLabel(matrix(3, 3), matrix(3, 2), () => true, 2)).toEqual([]);
  });
});
