import type { Rng } from '#libs/kernel';
import { strokeAlphabet, type PenLine, type Spot } from './stroke-alphabet.js';

/** How something is written: as a machine prints it, or as a child prints it by hand. */
export interface Writing {
  /** Of an x, in pixels. */
  readonly height: number;
  /** How far a place of the pen is off, in heights of an x; 0 for print. */
  readonly unsteadiness: number;
  /** Of the line to the right, in radians. */
  readonly turn: number;
  /** How far the letters lean to the right: sideways by upwards. */
  readonly lean: number;
}

/** Lines of the pen, in pixels: x to the right, y down. */
export type Ink = readonly (readonly Spot[])[];

/** Between letters, in quarters of the height of an x. */
const gap = 1.5;

/** How wide a word will be, in pixels, however it is turned. */
export function widthOf(text: string, { height }: Writing): number {
  const widths = [...text].map((character) => strokeAlphabet[character]!.width + gap);
  return ((widths.reduce((sum, width) => sum + width, 0) - gap) * height) / 4;
}

/**
 * Writes lower-case words. @param at where the base line begins
 */
export function writeWords(text: string, at: Spot, writing: Writing, rng: Rng): Ink {
  const { height, unsteadiness, turn, lean } = writing;
  const scale = height / 4;
  const wobble = (): number => 4 * unsteadiness * normal(rng);
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const ink: Spot[][] = [];
  let left = 0;
  for (const character of text) {
    const { width, lines } = strokeAlphabet[character]!;
    const [size, up] = [1 + 1.2 * unsteadiness * normal(rng), 0.7 * wobble()];
    for (const line of lines) {
      const shaken = { ...line, spots: line.spots.map(([x, y]): Spot => [x + wobble(), y + wobble()]) };
      ink.push(
        smooth(shaken).map(([x, y]): Spot => {
          const [across, along] = [left + size * x + lean * y, -(size * y + up)];
          return [at[0] + scale * (cos * across - sin * along), at[1] + scale * (sin * across + cos * along)];
        }),
      );
    }
    left += size * width + gap + 1.5 * Math.abs(wobble());
  }
  return ink;
}

/** A curve through the places of a pen line (Catmull & Rom 1974), six steps from place to place. */
function smooth({ isCurved, spots }: PenLine): Spot[] {
  if (!isCurved) return [...spots];
  const steps = 6;
  const along: Spot[] = [spots[0]!];
  for (let at = 0; at + 1 < spots.length; at++) {
    const [before, from, to, after] = [
      spots[Math.max(0, at - 1)]!,
      spots[at]!,
      spots[at + 1]!,
      spots[Math.min(at + 2, spots.length - 1)]!,
    ];
    for (let step = 1; step <= steps; step++) {
      const t = step / steps;
      const mix = (axis: 0 | 1): number =>
        0.5 *
        (2 * from[axis] +
          (to[axis] - before[axis]) * t +
          (2 * before[axis] - 5 * from[axis] + 4 * to[axis] - after[axis]) * t ** 2 +
          (3 * from[axis] - before[axis] - 3 * to[axis] + after[axis]) * t ** 3);
      along.push([mix(0), mix(1)]);
    }
  }
  return along;
}

/** A normal deviate, by Box and Muller (1958). */
export function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
