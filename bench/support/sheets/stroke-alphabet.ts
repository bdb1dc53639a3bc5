/** A place in a letter: x to the right, y up; the base line is 0, the height of an x is 4, of an l 7. */
export type Spot = readonly [number, number];

/** A line of the pen: straight from place to place, or a curve through the places. */
export interface PenLine {
  readonly isCurved: boolean;
  readonly spots: readonly Spot[];
}

export interface Letter {
  /** Without the space to the next letter. */
  readonly width: number;
  readonly lines: readonly PenLine[];
}

const straight = (...spots: Spot[]): PenLine => ({ isCurved: false, spots });
const curved = (...spots: Spot[]): PenLine => ({ isCurved: true, spots });
const letter = (width: number, ...lines: PenLine[]): Letter => ({ width, lines });

const leftBowl = curved([3, 3], [2.1, 4], [0.7, 3.7], [0, 2], [0.7, 0.3], [2, 0], [3, 1]);
const rightBowl = curved([0, 3], [0.9, 4], [2.3, 3.7], [3, 2], [2.3, 0.3], [1, 0], [0, 1]);
const arch = (from: number, to: number): PenLine =>
  curved([from, 2.7], [from + 0.9, 3.9], [to - 0.8, 3.95], [to - 0.1, 3], [to, 1.5], [to, 0]);

/** Lower-case letters as they are taught to children who print by hand, one line of the pen after the other. */
export const strokeAlphabet: Readonly<Record<string, Letter>> = {
  ' ': letter(1.4),
  '-': letter(2, straight([0, 2.2], [2, 2.2])),
  a: letter(3, leftBowl, straight([3, 4], [3, 0])),
  b: letter(3, straight([0, 7], [0, 0]), rightBowl),
  c: letter(2.8, curved([2.8, 3.3], [1.9, 4], [0.7, 3.7], [0, 2], [0.7, 0.3], [1.9, 0], [2.8, 0.7])),
  d: letter(3, leftBowl, straight([3, 7], [3, 0])),
  e: letter(
    2.9,
    straight([0.05, 2.1], [2.9, 2.1]),
    curved([2.9, 2.1], [2.6, 3.4], [1.5, 4], [0.4, 3.4], [0, 2], [0.5, 0.5], [1.6, 0], [2.8, 0.7]),
  ),
  f: letter(2.3, curved([2.5, 6.7], [1.8, 7], [1.1, 6.4], [0.9, 5], [0.9, 2.5], [0.9, 0]), straight([0, 4], [2.2, 4])),
  g: letter(3, leftBowl, curved([3, 4], [3, 1], [3, -1.5], [2.3, -2.8], [1.2, -3], [0.2, -2.4])),
  h: letter(3, straight([0, 7], [0, 0]), arch(0, 3)),
  i: letter(0.4, straight([0.2, 4], [0.2, 0]), straight([0.2, 5.6], [0.2, 5.9])),
  j: letter(1.2, curved([1, 4], [1, 1], [1, -1.8], [0.5, -2.8], [-0.4, -2.8]), straight([1, 5.6], [1, 5.9])),
  k: letter(2.8, straight([0, 7], [0, 0]), straight([2.5, 4], [0, 1.5]), straight([0.9, 2.3], [2.8, 0])),
  l: letter(0.4, straight([0.2, 7], [0.2, 0])),
  m: letter(4.8, straight([0, 4], [0, 0]), arch(0, 2.4), arch(2.4, 4.8)),
  n: letter(2.9, straight([0, 4], [0, 0]), arch(0, 2.9)),
  o: letter(3, curved([1.5, 4], [0.4, 3.4], [0, 2], [0.4, 0.6], [1.5, 0], [2.6, 0.6], [3, 2], [2.6, 3.4], [1.5, 4])),
  p: letter(3, straight([0, 4], [0, -3]), rightBowl),
  q: letter(3, leftBowl, straight([3, 4], [3, -3])),
  r: letter(2, straight([0, 4], [0, 0]), curved([0, 2.5], [0.7, 3.6], [1.5, 4], [2.1, 3.7])),
  s: letter(
    2.6,
    curved(
      [2.5, 3.4],
      [1.5, 4],
      [0.5, 3.7],
      [0.2, 3],
      [0.8, 2.3],
      [1.9, 1.8],
      [2.6, 1],
      [2.2, 0.2],
      [1.2, 0],
      [0, 0.6],
    ),
  ),
  t: letter(2.2, curved([0.9, 5.8], [0.9, 3], [0.9, 1], [1.3, 0.1], [2.2, 0.2]), straight([0, 4], [2.1, 4])),
  u: letter(3, curved([0, 4], [0, 2], [0.1, 0.8], [0.9, 0], [2, 0.2], [3, 1.3]), straight([3, 4], [3, 0])),
  v: letter(3, straight([0, 4], [1.5, 0], [3, 4])),
  w: letter(4.4, straight([0, 4], [1.1, 0], [2.2, 3.6], [3.3, 0], [4.4, 4])),
  x: letter(2.8, straight([0, 4], [2.8, 0]), straight([2.8, 4], [0, 0])),
  y: letter(3, straight([0, 4], [1.5, 0.2]), straight([3, 4], [0.8, -3])),
  z: letter(2.8, straight([0, 4], [2.7, 4], [0, 0], [2.8, 0])),
};
