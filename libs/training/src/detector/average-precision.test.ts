import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { averagePrecision, matchFound } from './average-precision.js';
import type { FoundBox, LabelledBox } from './found-box.js';

const cell = (x: number): LabelledBox => ({ label: 'cell', x, y: 0, width: 10, height: 10 });
const found = (x: number, score: number, label = 'cell'): FoundBox => ({ ...cell(x), label, score });

describe('matchFound', () => {
  it('gives each true box to the surest that overlaps it enough', () => {
    const matches = matchFound({ found: [found(1, 0.5), found(0, 0.9), found(40, 0.8)], true: [cell(0)] });
    expect(matches).toEqual([null, 0, null]);
  });

  it('does not take one label for another', () => {
    expect(matchFound({ found: [found(0, 1, 'nucleus')], true: [cell(0)] })).toEqual([null]);
  });
});

describe('averagePrecision', () => {
  it('is the area under the best precision at each recall', () => {
    // Right, wrong, right, of three that are true: 1/3 · 1 + 1/3 · 2/3.
    const pictures = [
      { found: [found(0, 0.9), found(300, 0.8)], true: [cell(0), cell(100)] },
      { found: [found(50, 0.7)], true: [cell(50)] },
    ];
    expect(averagePrecision(pictures, 'cell')).toBeCloseTo(1 / 3 + 2 / 9, 10);
    expect(averagePrecision(pictures, 'nucleus')).toBeNull();
  });

  it('is 1 exactly where all that is true is found before anything else', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 0, max: 50 }), { minLength: 1, maxLength: 9 }),
        fc.nat(5),
        (places, wrong) => {
          const right = places.map((place) => found(place * 20, 0.5 + place / 200));
          const others = Array.from({ length: wrong }, (_, at) => found(2_000 + 20 * at, 0.1));
          const boxes = places.map((place) => cell(place * 20));
          expect(averagePrecision([{ found: [...others, ...right], true: boxes }], 'cell')).toBeCloseTo(1, 10);
          if (wrong === 0) return;
          const first = others.map((box) => ({ ...box, score: 1 }));
          expect(averagePrecision([{ found: [...first, ...right], true: boxes }], 'cell')).toBeLessThan(1);
        },
      ),
    );
  });

  it('falls with what is missed', () => {
    expect(averagePrecision([{ found: [found(0, 1)], true: [cell(0), cell(100)] }], 'cell')).toBe(0.5);
    expect(averagePrecision([{ found: [], true: [cell(0)] }], 'cell')).toBe(0);
  });
});
