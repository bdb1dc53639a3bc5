import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { binEdges, binFeatures, binOf, chance, fitBoostedTrees, pickBinned, sumOfTrees } from './boosted-trees.js';

const columns = 6;

/** Rows of uniform numbers. */
function uniform(count: number, seed: string): Float32Array {
  const rng = seededRng(seed);
  return Float32Array.from({ length: count * columns }, () => rng());
}

const options = { rounds: 80, depth: 3, rate: 0.2, rowShare: 0.7, columnShare: 0.8, leastWeight: 2 } as const;

describe('bins', () => {
  it('keep the order of values', () => {
    fc.assert(
      fc.property(fc.array(fc.float({ noNaN: true, min: -9, max: 9 }), { minLength: 2, maxLength: 60 }), (values) => {
        const [edges] = binEdges(Float32Array.from(values), 1);
        const sorted = values.toSorted((a, b) => a - b);
        const bins = sorted.map((value) => binOf(edges!, value));
        expect(bins).toEqual(bins.toSorted((a, b) => a - b));
        expect(Math.max(...bins)).toBeLessThan(64);
      }),
    );
  });

  it('are as many as there are values, where these are few', () => {
    const [edges] = binEdges(Float32Array.from([3, 1, 1, 2, 3, 3]), 1);
    expect([1, 2, 3].map((value) => binOf(edges!, value))).toEqual([0, 1, 2]);
  });
});

describe('boosted trees', () => {
  it('learn what no single feature tells', () => {
    const isRight = (rows: Float32Array, row: number): number =>
      rows[row * columns]! > 0.5 !== rows[row * columns + 1]! > 0.5 ? 1 : 0;
    const rows = uniform(800, 'learnt');
    const targets = Float32Array.from({ length: 800 }, (_, row) => isRight(rows, row));
    const features = binFeatures(rows, columns, binEdges(rows, columns));
    const trees = fitBoostedTrees(features, targets, { ...options, loss: 'logistic', rng: seededRng('trees') });
    const fresh = uniform(400, 'fresh');
    let right = 0;
    for (let row = 0; row < 400; row++) {
      const given = chance(sumOfTrees(trees, fresh, row * columns));
      if (given > 0.5 === (isRight(fresh, row) === 1)) right++;
    }
    expect(right).toBeGreaterThan(370);
  });

  it('follow a number', () => {
    const aim = (rows: Float32Array, row: number): number =>
      3 * rows[row * columns + 2]! - Math.sin(4 * rows[row * columns + 3]!);
    const rows = uniform(1_000, 'numbers');
    const targets = Float32Array.from({ length: 1_000 }, (_, row) => aim(rows, row));
    const features = binFeatures(rows, columns, binEdges(rows, columns));
    const trees = fitBoostedTrees(features, targets, { ...options, loss: 'squared', rng: seededRng('trees') });
    const fresh = uniform(200, 'others');
    let squares = 0;
    for (let row = 0; row < 200; row++) squares += (sumOfTrees(trees, fresh, row * columns) - aim(fresh, row)) ** 2;
    expect(Math.sqrt(squares / 200)).toBeLessThan(0.2);
  });

  it('say how often it is so where features tell nothing', () => {
    const rows = uniform(500, 'nothing');
    const targets = Float32Array.from({ length: 500 }, (_, row) => (row % 5 === 0 ? 1 : 0));
    const features = binFeatures(rows, columns, binEdges(rows, columns));
    const trees = fitBoostedTrees(features, targets, { ...options, rounds: 0, loss: 'logistic', rng: seededRng('0') });
    expect(chance(sumOfTrees(trees, rows, 0))).toBeCloseTo(0.2, 6);
  });

  it('are the same for the same examples and seed', () => {
    const rows = uniform(200, 'same');
    const targets = Float32Array.from({ length: 200 }, (_, row) => rows[row * columns]!);
    const features = binFeatures(rows, columns, binEdges(rows, columns));
    const fit = () => fitBoostedTrees(features, targets, { ...options, loss: 'squared', rng: seededRng('seed') });
    expect(fit()).toEqual(fit());
  });
});

describe('pickBinned', () => {
  it('gives the rows that are asked for', () => {
    const rows = uniform(30, 'picked');
    const features = binFeatures(rows, columns, binEdges(rows, columns));
    const picked = pickBinned(features, [7, 2]);
    const rowOf = ({ bins, rows: count }: typeof features, row: number): number[] =>
      Array.from({ length: columns }, (_, column) => bins[column * count + row]!);
    expect([rowOf(picked, 0), rowOf(picked, 1)]).toEqual([rowOf(features, 7), rowOf(features, 2)]);
  });
});
