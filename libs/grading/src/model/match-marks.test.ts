import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { matchMarks } from './match-marks.js';

it('finds the best matching there is, and pairs nothing that is worth nothing', () => {
  const worths = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 5 })).chain(([parts, marks]) =>
    fc.array(fc.array(fc.constantFrom(0, 0, 0.375, 0.5, 0.75, 1, 2), { minLength: marks, maxLength: marks }), {
      minLength: parts,
      maxLength: parts,
    }),
  );
  const best = (worth: readonly number[][], part: number, taken: ReadonlySet<number>): number => {
    if (part === worth.length) return 0;
    let most = best(worth, part + 1, taken);
    worth[part]!.forEach((value, mark) => {
      if (!taken.has(mark)) most = Math.max(most, value + best(worth, part + 1, new Set(taken).add(mark)));
    });
    return most;
  };
  fc.assert(
    fc.property(worths, (worth) => {
      const matches = matchMarks(worth.length, worth[0]!.length, (part, mark) => worth[part]![mark]!);
      const total = matches.reduce((sum, { part, mark }) => sum + worth[part]![mark]!, 0);
      expect(total).toBeCloseTo(best(worth, 0, new Set()), 10);
      for (const { part, mark } of matches) expect(worth[part]![mark]).toBeGreaterThan(0);
      expect(new Set(matches.map(({ part }) => part)).size).toBe(matches.length);
      expect(new Set(matches.map(({ mark }) => mark)).size).toBe(matches.length);
    }),
  );
});

it('does not let a greedy choice cost a label', () => {
  // the first mark fits both parts, the second only the first part
  const worth = [
    [1, 0.9],
    [0.95, 0],
  ];
  expect(matchMarks(2, 2, (part, mark) => worth[part]![mark]!)).toEqual(
    expect.arrayContaining([
      { part: 0, mark: 1 },
      { part: 1, mark: 0 },
    ]),
  );
});
