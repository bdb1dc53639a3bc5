import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberTable } from './number-table.js';

const settings = fc.array(fc.tuple(fc.nat({ max: 200_000 }), fc.integer()), { maxLength: 80 });

describe('a table of numbers', () => {
  it('holds what a map holds, in the order of the keys', () => {
    fc.assert(
      fc.property(settings, (pairs) => {
        const map = new Map(pairs);
        const table = pairs.reduce(
          (before, [key, value]) => before.set(key, value),
          NumberTable.empty as NumberTable<number>,
        );
        expect(table.size).toBe(map.size);
        expect([...table.entries()]).toEqual([...map].sort(([a], [b]) => a - b));
        for (const [key, value] of map) expect(table.get(key)).toBe(value);
        const filled = NumberTable.of([...map], ([, value]) => value!);
        expect(filled).toEqual(table);
        expect(table.get(200_001)).toBeUndefined();
      }),
    );
  });

  it('leaves the table before as it was', () => {
    const before = (NumberTable.empty as NumberTable<string>).set(3, 'a');
    const after = before.set(3, 'b').set(40_000, 'c');
    expect([before.get(3), before.get(40_000), before.size]).toEqual(['a', undefined, 1]);
    expect([after.get(3), after.get(40_000), after.size]).toEqual(['b', 'c', 2]);
  });
});
