/** Pixels of a picture: red, green and blue from 0 to 255, row after row. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels of the picture, by side, that one cell of a channel is made of. */
export const cellSide = 4;
/** Channels that say what colour there is and which way edges go; after them come those of {@link radialSymmetry}. */
export const plainChannels = 10;
const orientations = 4;
/** Of an edge that looks at a point, in optical density by two pixels. */
const leastEdge = 0.01;

/** What a picture shows, cell by cell, as running sums, so that the mean of any box takes four look-ups. */
export interface Channels {
  /** In cells. */
  readonly columns: number;
  readonly rows: number;
  /** Of each channel [rows + 1, columns + 1]: the sum of all cells above and to the left. */
  readonly sums: readonly Float64Array[];
}

/**
 * Channels of a picture of stained things on a light ground: optical density of red, green and blue against the ground
 * (ln(ground / level), Beer and Lambert), two differences of them, which tell stains apart, the strength of edges, the
 * same by four directions (integral channel features, Dollár et al. 2009), and for each radius how many edges look at a point.
 * @param radii in pixels of the picture
 */
export function channelsOf(picture: Picture, radii: readonly number[]): Channels {
  const [columns, rows] = [Math.floor(picture.width / cellSide), Math.floor(picture.height / cellSide)];
  const half = { width: columns * 2, height: rows * 2 };
  const densities = opticalDensities(picture, half);
  const [red, green, blue] = densities as [Float32Array, Float32Array, Float32Array];
  const edges = gradient(green, half);
  const directed = Array.from({ length: orientations }, () => new Float32Array(green.length));
  for (let at = 0; at < green.length; at++) {
    const strength = edges.strength[at]!;
    if (strength === 0) continue;
    // Shared between the two nearest of four directions that are 45° apart; an edge has no sign.
    const turn = ((Math.atan2(edges.y[at]!, edges.x[at]!) / Math.PI + 1) % 1) * orientations;
    const [first, share] = [Math.floor(turn) % orientations, turn - Math.floor(turn)];
    directed[first]![at]! += strength * (1 - share);
    directed[(first + 1) % orientations]![at]! += strength * share;
  }
  const channels = [
    ...densities,
    red.map((value, at) => value - (green[at]! + blue[at]!) / 2),
    green.map((value, at) => value - blue[at]!),
    edges.strength,
    ...directed,
    ...radii.map((radius) => radialSymmetry(edges, half, radius / 2)),
  ].map((channel) => halved(channel, half));
  return { columns, rows, sums: channels.map((channel) => runningSums(channel, columns, rows)) };
}

/** Mean of a channel over a box in cells, of which what lies outside is left out; the nearest cell where all of it does. */
export function meanOver(
  { columns, rows, sums }: Channels,
  channel: number,
  left: number,
  top: number,
  right: number,
  bottom: number,
): number {
  const x0 = Math.min(columns - 1, Math.max(0, Math.round(left)));
  const y0 = Math.min(rows - 1, Math.max(0, Math.round(top)));
  const x1 = Math.max(x0 + 1, Math.min(columns, Math.round(right)));
  const y1 = Math.max(y0 + 1, Math.min(rows, Math.round(bottom)));
  const sum = sums[channel]!;
  const wide = columns + 1;
  const within = sum[y1 * wide + x1]! - sum[y0 * wide + x1]! - sum[y1 * wide + x0]! + sum[y0 * wide + x0]!;
  return within / ((x1 - x0) * (y1 - y0));
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Means of 2 × 2 pixels as ln(ground / level); the ground is the level that a tenth of the pixels are lighter than. */
function opticalDensities({ width, data }: Picture, half: Size): Float32Array[] {
  return [0, 1, 2].map((colour) => {
    const levels = new Float32Array(half.width * half.height);
    const counts = new Uint32Array(256);
    for (let y = 0; y < half.height; y++) {
      for (let x = 0; x < half.width; x++) {
        const at = (2 * y * width + 2 * x) * 3 + colour;
        const level = (data[at]! + data[at + 3]! + data[at + width * 3]! + data[at + width * 3 + 3]!) / 4;
        levels[y * half.width + x] = level;
        counts[Math.round(level)]! += 1;
      }
    }
    let [ground, lighter] = [255, 0];
    while (ground > 0 && lighter + counts[ground]! < levels.length / 10) lighter += counts[ground--]!;
    return levels.map((level) => Math.log((ground + 1) / (level + 1)));
  });
}

interface Gradient {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly strength: Float32Array;
}

/** By Sobel's operator; nothing along the borders. */
function gradient(channel: Float32Array, { width, height }: Size): Gradient {
  const [x, y, strength] = [0, 1, 2].map(() => new Float32Array(channel.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const at = row * width + column;
      const [above, below] = [at - width, at + width];
      const [northWest, northEast] = [channel[above - 1]!, channel[above + 1]!];
      const [southWest, southEast] = [channel[below - 1]!, channel[below + 1]!];
      x[at] = (northEast - northWest + 2 * (channel[at + 1]! - channel[at - 1]!) + southEast - southWest) / 8;
      y[at] = (southWest - northWest + 2 * (channel[below]! - channel[above]!) + southEast - northEast) / 8;
      strength[at] = Math.sqrt(x[at]! ** 2 + y[at]! ** 2);
    }
  }
  return { x, y, strength };
}

/**
 * How many edges have a point at one distance on their dense side, by the square root of their strength (Loy and
 * Zelinsky, "Fast radial symmetry for detecting points of interest", 2003). Rings about that large have their middle there.
 */
function radialSymmetry(edges: Gradient, { width, height }: Size, radius: number): Float32Array {
  const votes = new Float32Array(width * height);
  for (let row = 1; row < height - 1; row++) {
    for (let column = 1; column < width - 1; column++) {
      const at = row * width + column;
      const strength = edges.strength[at]!;
      if (strength < leastEdge) continue;
      const x = Math.round(column + (radius * edges.x[at]!) / strength);
      const y = Math.round(row + (radius * edges.y[at]!) / strength);
      if (x >= 0 && y >= 0 && x < width && y < height) votes[y * width + x]! += Math.sqrt(strength);
    }
  }
  return votes;
}

function halved(channel: Float32Array, { width, height }: Size): Float32Array {
  const [columns, rows] = [width / 2, height / 2];
  const means = new Float32Array(columns * rows);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = 2 * row * width + 2 * column;
      means[row * columns + column] =
        (channel[at]! + channel[at + 1]! + channel[at + width]! + channel[at + width + 1]!) / 4;
    }
  }
  return means;
}

/** [rows + 1, columns + 1]. */
export function runningSums(channel: Float32Array, columns: number, rows: number): Float64Array {
  const wide = columns + 1;
  const sums = new Float64Array(wide * (rows + 1));
  for (let row = 0; row < rows; row++) {
    let along = 0;
    for (let column = 0; column < columns; column++) {
      along += channel[row * columns + column]!;
      sums[(row + 1) * wide + column + 1] = sums[row * wide + column + 1]! + along;
    }
  }
  return sums;
}
