import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { averagePrecision } from './average-precision.js';
import type { LabelledBox } from './found-box.js';
import type { BoxedPicture } from './places.js';
import { countFound, detect, trainDetector } from './train-detector.js';

const [width, height] = [200, 160];
const kinds = {
  cell: { radius: 20, ink: [215, 150, 150] },
  plate: { radius: 9, ink: [140, 100, 190] },
} as const;

/** Pale cells, which may touch, and small dark plates, on a ground whose light varies. */
function smear(seed: string): BoxedPicture {
  const rng = seededRng(seed);
  const ground = 215 + Math.floor(rng() * 30);
  const data = new Uint8Array(width * height * 3).fill(ground);
  const boxes: LabelledBox[] = [];
  for (let tries = 0; tries < 14; tries++) {
    const label = rng() < 0.6 ? 'cell' : 'plate';
    const { radius, ink } = kinds[label];
    const [x, y] = [radius + rng() * (width - 2 * radius), radius + rng() * (height - 2 * radius)];
    const box = { label, x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius };
    const isFree = boxes.every((other) => {
      const [dx, dy] = [other.x + other.width / 2 - x, other.y + other.height / 2 - y];
      return Math.hypot(dx, dy) > 0.9 * (radius + other.width / 2);
    });
    if (!isFree) continue;
    boxes.push(box);
    for (let row = Math.floor(y - radius); row <= y + radius; row++) {
      for (let column = Math.floor(x - radius); column <= x + radius; column++) {
        if (row < 0 || column < 0 || row >= height || column >= width) continue;
        if (Math.hypot(column - x, row - y) > radius) continue;
        data.set(
          ink.map((level) => level - 230 + ground + Math.floor(rng() * 12)),
          (row * width + column) * 3,
        );
      }
    }
  }
  return { picture: { width, height, data }, boxes };
}

const smears = (count: number, name: string): BoxedPicture[] =>
  Array.from({ length: count }, (_, at) => smear(`${name}/${at}`));

describe('a detector', () => {
  it('finds and counts things in pictures that it has not seen, of two kinds and where they touch', async () => {
    const shares: number[] = [];
    const detector = await trainDetector(smears(14, 'learnt'), 'seed', (share) => void shares.push(share));
    const fresh = smears(8, 'fresh').map(({ picture, boxes }) => ({ found: detect(detector, picture), true: boxes }));
    expect(averagePrecision(fresh, 'cell')).toBeGreaterThan(0.9);
    expect(averagePrecision(fresh, 'plate')).toBeGreaterThan(0.9);
    const off = fresh.map(({ found, true: boxes }) => {
      return Math.abs(countFound(found, 'cell') - boxes.filter(({ label }) => label === 'cell').length);
    });
    expect(off.filter((difference) => difference <= 1).length).toBeGreaterThanOrEqual(7);
    for (const { score, x, y, ...box } of fresh.flatMap(({ found }) => found)) {
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(Math.min(x, y, width - x - box.width, height - y - box.height)).toBeGreaterThan(-1e-6);
    }
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));

    const blank = { width, height, data: new Uint8Array(width * height * 3).fill(230) };
    expect(countFound(detect(detector, blank), 'cell')).toBe(0);
  }, 60_000);

  it('is the same for the same pictures and seed, and leaves out labels that nothing can be learnt of', async () => {
    const pictures = smears(6, 'few');
    const rare = { label: 'worm', x: 5, y: 5, width: 30, height: 8 };
    const examples = pictures.map((each, at) => (at === 0 ? { ...each, boxes: [...each.boxes, rare] } : each));
    const [one, other] = [await trainDetector(examples, 'seed'), await trainDetector(examples, 'seed')];
    expect(one.places.labels.map(({ label }) => label)).toEqual(['cell', 'plate']);
    expect(detect(one, pictures[0]!.picture)).toEqual(detect(other, pictures[0]!.picture));
  }, 60_000);
});
