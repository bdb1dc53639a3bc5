import sharp from 'sharp';
import { seededRng } from '#libs/kernel';
import type { HeadExample } from '#libs/training';

const side = 130;

/** Whether a place is in a shape; x and y are from its middle, in units of half its size. */
const shapes: Record<string, (x: number, y: number) => boolean> = {
  circle: (x, y) => x ** 2 + y ** 2 <= 1,
  square: (x, y) => Math.max(Math.abs(x), Math.abs(y)) <= 0.9,
  triangle: (x, y) => y <= 0.9 && y >= -0.9 + 2 * Math.abs(x),
};

/** Shapes of one colour on paper, where place, size, tilt and colours vary: one of each label by each source. */
export async function drawShapes(sources: number): Promise<HeadExample[]> {
  const rng = seededRng('shapes');
  const between = (from: number, to: number): number => from + rng() * (to - from);
  const examples: HeadExample[] = [];
  for (let source = 0; source < sources; source++) {
    for (const [label, isIn] of Object.entries(shapes)) {
      const [left, top, size, tilt] = [between(55, 75), between(55, 75), between(28, 40), between(-0.2, 0.2)];
      const ink = [between(0, 140), between(0, 140), between(0, 140)];
      const paper = between(215, 255);
      const pixels = new Uint8Array(side * side * 3);
      for (let at = 0; at < side * side; at++) {
        const [x, y] = [((at % side) - left) / size, (Math.floor(at / side) - top) / size];
        const [turnedX, turnedY] = [x * Math.cos(tilt) + y * Math.sin(tilt), y * Math.cos(tilt) - x * Math.sin(tilt)];
        pixels.set(isIn(turnedX, turnedY) ? ink : [paper, paper, paper], at * 3);
      }
      const raw = { width: side, height: side, channels: 3 } as const;
      const picture = await sharp(pixels, { raw }).jpeg({ quality: 90 }).toBuffer();
      const attributes = { paper: paper > 235 ? 'white' : 'grey' };
      examples.push({ picture, label, group: `source ${source}`, attributes });
    }
  }
  return examples;
}
