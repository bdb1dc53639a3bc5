import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitDataset, splits, splitShares, type Splittable } from './split-dataset.js';

const anImage = fc.record({
  labels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')),
  group: fc.option(fc.integer({ min: 0, max: 8 }).map((n) => `g${n}`)),
});
const someImages = fc
  .array(anImage, { minLength: 1, maxLength: 60 })
  .map((images) => images.map((image, index) => ({ ...image, sha256: String(index).padStart(64, '0') })));

const splitsOf = (images: readonly Splittable[], seed: number) =>
  new Map([...splitDataset(images, seed)].map(([{ sha256 }, split]) => [sha256, split]));

describe('splitting a dataset', () => {
  it('puts every image somewhere, and a group never into two splits', () => {
    fc.assert(
      fc.property(someImages, fc.nat(), (images, seed) => {
        const placed = splitDataset(images, seed);
        expect(placed.size).toBe(images.length);
        const homes = new Map<string, Set<string>>();
        for (const [{ group }, split] of placed) {
          if (group !== null) homes.set(group, (homes.get(group) ?? new Set()).add(split));
        }
        for (const home of homes.values()) expect(home.size).toBe(1);
      }),
    );
  });

  it('is the same for the same seed, whatever the order of the images', () => {
    fc.assert(
      fc.property(someImages, fc.nat(), (images, seed) => {
        expect(splitsOf(images.toReversed(), seed)).toEqual(splitsOf(images, seed));
      }),
    );
  });

  it('differs with the seed', () => {
    const images = Array.from({ length: 40 }, (_, n) => ({ sha256: String(n), labels: ['a'], group: null }));
    expect(splitsOf(images, 1)).not.toEqual(splitsOf(images, 2));
  });

  it('gives each split its share of every label, to an image, where images stand alone', () => {
    for (const [a, b] of [
      [5, 5],
      [20, 100],
      [333, 40],
    ] as const) {
      const images = [...Array(a).fill('a'), ...Array(b).fill('b')].map((label: string, n) => ({
        sha256: String(n),
        labels: [label],
        group: null,
      }));
      const placed = [...splitDataset(images, 7)];
      for (const [label, count] of Object.entries({ a, b })) {
        for (const split of splits) {
          const had = placed.filter(([image, where]) => image.labels.includes(label) && where === split).length;
          expect(Math.abs(had - count * splitShares[split]), `${label} in ${split}`).toBeLessThanOrEqual(1);
          expect(had, `${label} in ${split}`).toBeGreaterThan(0);
        }
      }
    }
  });

  it('gives each split its share of every label where images show several, and of those that show none', () => {
    const shown = [['a'], ['a', 'b'], ['a', 'b', 'c'], []];
    const images = Array.from({ length: 200 }, (_, n) => ({
      sha256: String(n).padStart(3, '0'),
      labels: shown[n % 4]!,
      group: null,
    }));
    const placed = [...splitDataset(images, 5)];
    const kinds: [string, (labels: readonly string[]) => boolean][] = [
      ...['a', 'b', 'c'].map((label): [string, (labels: readonly string[]) => boolean] => [
        label,
        (labels) => labels.includes(label),
      ]),
      ['none', (labels) => labels.length === 0],
    ];
    for (const [kind, isOfKind] of kinds) {
      const all = images.filter(({ labels }) => isOfKind(labels)).length;
      for (const split of splits) {
        const had = placed.filter(([{ labels }, where]) => isOfKind(labels) && where === split).length;
        expect(Math.abs(had - all * splitShares[split]), `${kind} in ${split}`).toBeLessThanOrEqual(2);
      }
    }
  });

  it('gives a label of three groups one in each split', () => {
    const images = ['x', 'y', 'z'].flatMap((group) =>
      Array.from({ length: 4 }, (_, n) => ({ sha256: `${group}${n}`, labels: ['a'], group })),
    );
    expect(new Set(splitDataset(images, 3).values()).size).toBe(3);
  });
});
