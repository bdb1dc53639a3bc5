import type { OnnxBuilder, Step } from '../onnx-builder.js';

/** Directions of the wavelets, over half a turn; scales, an octave apart. */
const [orientations, scales] = [8, 4];
/** Side of the picture. */
const pictureSide = 128;
/** Side of a wavelet, its width and its frequency, in pixels of its scale: one wave is 4.2 pixels long. */
const [side, sigma, slant, frequency] = [9, 1.7, 0.65, (2 * Math.PI) / 4.2];

/** Where, how strongly and in which direction brightness changes, and how that varies. All are [N, features]. */
export interface Scattered {
  /** First order in 4 × 4 cells, relative to what there is in the picture, roots: 512. */
  readonly cells: Step;
  /** The same in 8 × 8 cells, without the finest scale: 1,536. */
  readonly fineCells: Step;
  /** First order over the whole picture, logarithms: 32. */
  readonly energies: Step;
  /** Second order over the whole picture, relative to the first, logarithms: 384. */
  readonly textures: Step;
  /** Both of these with directions averaged out, so that turning the picture changes little: 52. */
  readonly turned: Step;
}

/**
 * The scattering transform of a picture: moduli of Morlet wavelets, |x ⋆ ψ|, averaged, and moduli of those again
 * (Bruna and Mallat, "Invariant scattering convolution networks", IEEE TPAMI 35, 2013), on a pyramid of four octaves.
 * @param brightness [N, 1, 128, 128], 0 to 1
 */
export function scatter(g: OnnxBuilder, brightness: Step): Scattered {
  const pyramid = [brightness];
  while (pyramid.length < scales) pyramid.push(halve(g, pyramid.at(-1)!, 1));
  const first = pyramid.map((picture) => modulus(g, picture, 1));
  const strengths = first.map((waves) => g.mean(waves));
  const ripples = first.flatMap((waves, scale) => ripplesOf(g, waves, strengths[scale]!, scales - scale - 1));

  const all = g.sumChannels(g.join(strengths), scales * orientations);
  const contrast = g.add(g.multiply(all, 1 / scales), 5e-3);
  const inCells = (scale: number, cells: number): Step =>
    g.flatten(g.root(g.divide(g.pool(first[scale]!, (pictureSide >> scale) / cells), contrast), 1e-4));
  return {
    cells: g.join([0, 1, 2, 3].map((scale) => inCells(scale, 4))),
    fineCells: g.join([1, 2, 3].map((scale) => inCells(scale, 8))),
    energies: g.flatten(g.log(g.join(strengths), 1e-3)),
    textures: g.flatten(g.join(ripples.map((each) => g.log(each, 1e-2)))),
    turned: g.flatten(
      g.join([
        ...strengths.map((each) => g.log(g.sumChannels(each, orientations), 1e-3)),
        ...ripples.map((each) => g.log(g.mix(each, byTurn), 1e-2)),
      ]),
    ),
  };
}

/** Second order of one scale, by each coarser one, relative to the first order: [N, 64, 1, 1] each. */
function ripplesOf(g: OnnxBuilder, waves: Step, strength: Step, coarser: number): Step[] {
  const base = g.mix(g.add(strength, 1e-3), repeated);
  const ripples: Step[] = [];
  let envelope = waves;
  for (let octave = 0; octave < coarser; octave++) {
    envelope = halve(g, envelope, orientations);
    ripples.push(g.divide(g.mean(modulus(g, envelope, orientations)), base));
  }
  return ripples;
}

/** Smooths by (1, 4, 6, 4, 1) / 16 in both directions and leaves out every other pixel (Burt and Adelson 1983). */
function halve(g: OnnxBuilder, x: Step, channels: number): Step {
  const binomial = [1, 4, 6, 4, 1];
  const kernel = Array.from({ length: channels }, () => binomial.flatMap((a) => binomial.map((b) => (a * b) / 256)));
  const weights = g.numbers([channels, 1, 5, 5], kernel.flat());
  return g.node('Conv', [extended(g, x, 2), weights], { strides: [2, 2], group: channels, kernel_shape: [5, 5] });
}

/** Moduli for each channel and direction; directions run fastest. */
function modulus(g: OnnxBuilder, x: Step, channels: number): Step {
  const outputs = channels * orientations;
  const kernel = Array.from({ length: channels }, () => wavelets).flat();
  const how = { group: channels, kernel_shape: [side, side] };
  const waves = g.node(
    'Conv',
    [extended(g, x, side >> 1), g.numbers([outputs * 2, 1, side, side], kernel.flat())],
    how,
  );
  const ones = g.numbers(
    [outputs, 2, 1, 1],
    Array.from({ length: outputs * 2 }, () => 1),
  );
  return g.root(g.node('Conv', [g.multiply(waves, waves), ones], { group: outputs }), 1e-6);
}

/** With the border repeated outwards, so that it is no edge itself. */
function extended(g: OnnxBuilder, x: Step, by: number): Step {
  return g.node('Pad', [x, g.places([0, 0, by, by, 0, 0, by, by])], { mode: 'edge' });
}

/** Real and imaginary part of the wavelet of each direction, with mean 0 and moduli that add up to 1. */
const wavelets: readonly (readonly number[])[] = Array.from({ length: orientations }, (_, index) => {
  const angle = (Math.PI * index) / orientations;
  const places = Array.from({ length: side * side }, (__, at) => {
    const [x, y] = [(at % side) - (side >> 1), Math.floor(at / side) - (side >> 1)];
    const along = x * Math.cos(angle) + y * Math.sin(angle);
    const across = y * Math.cos(angle) - x * Math.sin(angle);
    return { envelope: Math.exp(-(along ** 2 + (slant * across) ** 2) / (2 * sigma ** 2)), phase: frequency * along };
  });
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const cosine = sum(places.map(({ envelope, phase }) => envelope * Math.cos(phase)));
  const offset = cosine / sum(places.map(({ envelope }) => envelope));
  const real = places.map(({ envelope, phase }) => envelope * (Math.cos(phase) - offset));
  const imaginary = places.map(({ envelope, phase }) => envelope * Math.sin(phase));
  const size = sum(real.map((value, at) => Math.hypot(value, imaginary[at]!)));
  return [...real, ...imaginary].map((value) => value / size);
});

/** 8 → 64: each channel eight times, as those of the second order stand. */
const repeated = Array.from({ length: orientations ** 2 }, (_, pair) =>
  Array.from({ length: orientations }, (__, from) => (from === Math.floor(pair / orientations) ? 1 : 0)),
);

/** 64 → 8: means of the pairs of directions that are turned against each other by the same angle. */
const byTurn = Array.from({ length: orientations }, (_, turn) =>
  Array.from({ length: orientations ** 2 }, (__, pair) => {
    const apart = (pair % orientations) - Math.floor(pair / orientations);
    return (apart + orientations) % orientations === turn ? 1 / orientations : 0;
  }),
);
