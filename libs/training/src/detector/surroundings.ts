import { cellSide, plainChannels, type Channels } from './channels.js';

/** Around a place: rings by their distance, and the half side of the boxes that are looked at there, in pixels. */
const rings = [
  { distance: 8, reach: 4 },
  { distance: 18, reach: 8 },
  { distance: 34, reach: 12 },
  { distance: 52, reach: 16 },
  { distance: 76, reach: 20 },
  { distance: 108, reach: 32 },
] as const;
/** Half sides of the boxes around the place itself, in pixels. */
const middles = [4, 8, 16, 24, 36, 52, 80] as const;
const directions = Array.from({ length: 8 }, (_, at) => {
  return { right: Math.cos((at * Math.PI) / 4), down: Math.sin((at * Math.PI) / 4) };
});
/** Rings of channels that count votes, which are sharp: the nearest only. */
const ringsOfVotes = 2;
/** Pixels from which on a border counts as far. */
const farBorder = 160;

/** A box around a place, in cells from it; what is at the end is left out. */
interface Look {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

function lookAt(right: number, down: number, reach: number): Look {
  const from = (middle: number): number => Math.round((middle - reach) / cellSide);
  const wide = Math.max(1, Math.round((2 * reach) / cellSide));
  return { left: from(right), top: from(down), right: from(right) + wide, bottom: from(down) + wide };
}

function looksOf(around: readonly { readonly distance: number; readonly reach: number }[]): Look[] {
  return [
    ...middles.map((reach) => lookAt(0, 0, reach)),
    ...around.flatMap(({ distance, reach }) =>
      directions.map(({ right, down }) => lookAt(right * distance, down * distance, reach)),
    ),
  ];
}

const looks = { plain: looksOf(rings), votes: looksOf(rings.slice(0, ringsOfVotes)) };

/** Numbers that describe the surroundings of a place. */
export function surroundingFeatures(channels: number): number {
  return plainChannels * looks.plain.length + (channels - plainChannels) * looks.votes.length + 4;
}

/**
 * Describes the surroundings of a place: means of each channel over boxes of several sizes around it, and over boxes on rings,
 * the larger the further; and how far the borders are. Of boxes that reach out of the picture, what is inside counts, or the
 * nearest cell.
 * @param x the place, in cells
 * @param into {@link surroundingFeatures} numbers from an offset on
 */
export function describeSurroundings(
  { columns, rows, sums }: Channels,
  x: number,
  y: number,
  into: Float32Array,
  offset: number,
): void {
  const wide = columns + 1;
  let at = offset;
  for (let channel = 0; channel < sums.length; channel++) {
    const sum = sums[channel]!;
    for (const look of channel < plainChannels ? looks.plain : looks.votes) {
      let [x0, y0, x1, y1] = [x + look.left, y + look.top, x + look.right, y + look.bottom];
      x0 = x0 < 0 ? 0 : x0 >= columns ? columns - 1 : x0;
      y0 = y0 < 0 ? 0 : y0 >= rows ? rows - 1 : y0;
      x1 = x1 <= x0 ? x0 + 1 : x1 > columns ? columns : x1;
      y1 = y1 <= y0 ? y0 + 1 : y1 > rows ? rows : y1;
      const [above, below] = [y0 * wide, y1 * wide];
      const within = sum[below + x1]! - sum[above + x1]! - sum[below + x0]! + sum[above + x0]!;
      into[at++] = within / ((x1 - x0) * (y1 - y0));
    }
  }
  for (const border of [x, y, columns - x, rows - y]) into[at++] = Math.min(border * cellSide, farBorder);
}
