import { disc, line, Painting } from './painting.js';

const ink = [50, 40, 90] as const;

/** A sheet with so many seeds at the top, and a gauge whose needle points somewhere below. */
export function seedSheet(seeds: number, needle = 45): Painting {
  const painting = new Painting(600, 500, [232, 230, 225]);
  for (let seed = 0; seed < seeds; seed++) {
    painting.add(disc(50 + 70 * (seed % 8), 50 + 60 * Math.floor(seed / 8), 14), ink);
  }
  const [sin, cos] = [Math.sin((needle * Math.PI) / 180), -Math.cos((needle * Math.PI) / 180)];
  painting.add(line(300, 370, 300 + 90 * sin, 370 + 90 * cos, 6), [180, 20, 20]);
  return painting.shade((x, y) => 1 - 0.2 * x - 0.1 * y).noise(2, seeds + 1);
}

/** A criterion that the number of seeds on a sheet is ten, for 6 points. */
export const tenSeeds = {
  id: 'seeds',
  label: 'Seeds',
  points: 6,
  skill: 'shapes',
  hints: { orient: 'Look at the sheet.', point: 'Count the seeds again.', show: 'There are ten.' },
  measure: 'count',
  of: 'seeds',
  low: 9,
  high: 11,
  region: [
    [0, 0],
    [1, 0],
    [1, 0.45],
    [0, 0.45],
  ],
  partial: { margin: 2, share: 0.5 },
};
