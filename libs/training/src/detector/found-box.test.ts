import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlapOf, suppressDoubles, typicalSide, type FoundBox, type Rectangle } from './found-box.js';

const side = fc.integer({ min: 1, max: 40 });
const place = fc.integer({ min: 0, max: 60 });
const rectangle: fc.Arbitrary<Rectangle> = fc.record({ x: place, y: place, width: side, height: side });
const box: fc.Arbitrary<FoundBox> = fc
  .tuple(rectangle, fc.constantFrom('cell', 'nucleus'), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([rest, label, score]) => ({ ...rest, label, score }));

describe('overlapOf', () => {
  it('is 1 for the same box, 0 for boxes apart, and the same both ways', () => {
    fc.assert(
      fc.property(rectangle, rectangle, (a, b) => {
        expect(overlapOf(a, a)).toBe(1);
        expect(overlapOf(a, b)).toBe(overlapOf(b, a));
        expect(overlapOf(a, { ...b, x: a.x + a.width + b.x })).toBe(0);
      }),
    );
    expect(overlapOf({ x: 0, y: 0, width: 2, height: 1 }, { x: 1, y: 0, width: 2, height: 1 })).toBeCloseTo(1 / 3, 10);
  });
});

describe('suppressDoubles', () => {
  it('keeps the surest, and of others those that are far enough from each that is kept', () => {
    fc.assert(
      fc.property(fc.array(box, { maxLength: 12 }), (boxes) => {
        const kept = suppressDoubles(boxes, 0.4);
        for (const [at, one] of kept.entries()) {
          for (const other of kept.slice(at + 1)) {
            expect(one.score).toBeGreaterThanOrEqual(other.score);
            if (one.label === other.label) expect(overlapOf(one, other)).toBeLessThanOrEqual(0.4);
          }
        }
        for (const one of boxes) {
          const isCovered = kept.some(
            (other) => other.label === one.label && other.score >= one.score && overlapOf(one, other) > 0.4,
          );
          expect(kept.includes(one) || isCovered).toBe(true);
        }
      }),
    );
  });
});

describe('typicalSide', () => {
  it('is the median of a label', () => {
    const boxes = [4, 9, 100].map((width) => ({ label: 'cell', x: 0, y: 0, width, height: width }));
    const other = { label: 'nucleus', x: 0, y: 0, width: 1, height: 1 };
    expect(typicalSide([{ boxes: [...boxes, other] }], 'cell')).toBe(9);
  });
});
