import { describe, expect, it } from 'vitest';
import { gradeLabelledParts, labelledPartsSchema } from '#libs/grading';
import { seededRng } from '#libs/kernel';
import { drawMarks } from './simulated-drawing.js';

const square = (left: number, top: number): [number, number][] => [
  [left, top],
  [left + 150, top],
  [left + 150, top + 150],
  [left, top + 150],
];
const hints = { orient: 'Where?', point: 'There.', show: 'It is this one.' };
const specification = labelledPartsSchema.parse({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 800, height: 600 },
  tolerance: 0.01,
  parts: ['nucleus', 'vacuole', 'wall', 'membrane'].map((label, index) => ({
    id: label,
    label,
    polygons: [square(30 + 190 * index, 200)],
    points: 1,
    skill: 'cells',
    hints,
  })),
});

/** Mean share of the points that learners of an ability get. */
function meanScore(ability: number): number {
  const rng = seededRng(`drawings ${ability}`);
  const shares = Array.from({ length: 100 }, () => {
    const result = gradeLabelledParts(specification, drawMarks(specification, ability, rng));
    return result.total / result.maximum;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

describe('a simulated drawing', () => {
  it('is mostly right for the able, and wrong in places for the weak', () => {
    expect(meanScore(4)).toBeGreaterThan(0.85);
    expect(meanScore(-2)).toBeLessThan(0.6);
    expect(meanScore(-2)).toBeGreaterThan(0.1);
  });

  it('stays inside the picture', () => {
    for (const { shape } of drawMarks(specification, -5, seededRng('edges'))) {
      expect(shape.x).toBeGreaterThanOrEqual(0);
      expect(shape.x).toBeLessThan(800);
      expect(shape.y).toBeLessThan(600);
    }
  });
});
