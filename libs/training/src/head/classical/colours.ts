import type { OnnxBuilder, Step } from '../onnx-builder.js';

/** Brightness, red against green, and blue against yellow, from red, green and blue of 0 to 1. */
export const opponents = [
  [0.299, 0.587, 0.114],
  [0.5, -0.5, 0],
  [-0.25, -0.25, 0.5],
];

/** Features of colour, as [N, features]. */
export interface Colours {
  /** Roots of soft histograms: of brightness, of each opponent, and of the two opponents together: 53. */
  readonly histogram: Step;
  /** The same in the middle, where what a picture is of mostly is: 53. */
  readonly middle: Step;
  /** Means in 4 × 4 cells: 48. */
  readonly cells: Step;
}

const [brightnessBins, opponentBins, pairBins] = [10, 9, 5];
/** Where opponents are cut off; few colours of photographs are more saturated. */
const range = 0.3;
const side = 64;

/**
 * Soft histograms with triangular bins, max(0, 1 − |v − c| / w), which add up to 1 in each pixel. Their roots make the
 * distance between two pictures that of Hellinger.
 * @param colours [N, 3, 64, 64] by {@link opponents}
 */
export function describeColours(g: OnnxBuilder, colours: Step): Colours {
  const channel = (index: number): Step => g.mix(colours, [[0, 1, 2].map((at) => (at === index ? 1 : 0))]);
  const bounded = (x: Step): Step => g.node('Clip', [x, g.numbers([], [-range]), g.numbers([], [range])]);
  const [red, blue] = [bounded(channel(1)), bounded(channel(2))];
  const pairs = g.multiply(
    g.mix(
      softBins(g, red, -range, range, pairBins),
      spread((pair) => Math.floor(pair / pairBins)),
    ),
    g.mix(
      softBins(g, blue, -range, range, pairBins),
      spread((pair) => pair % pairBins),
    ),
  );
  const bins = g.join([
    softBins(g, channel(0), 0, 1, brightnessBins),
    softBins(g, red, -range, range, opponentBins),
    softBins(g, blue, -range, range, opponentBins),
    pairs,
  ]);
  return {
    histogram: g.flatten(g.root(g.mean(bins), 1e-4)),
    middle: g.flatten(g.root(g.mean(g.multiply(bins, g.numbers([1, 1, side, side], middle))), 1e-4)),
    cells: g.flatten(g.pool(colours, side / 4)),
  };
}

/** How much of each bin a value is: [N, 1, H, W] → [N, bins, H, W]. */
export function softBins(g: OnnxBuilder, x: Step, from: number, to: number, bins: number): Step {
  const width = (to - from) / (bins - 1);
  const places = g.mix(
    x,
    Array.from({ length: bins }, () => [1 / width]),
    Array.from({ length: bins }, (_, bin) => -from / width - bin),
  );
  return g.node('Relu', [g.subtract(1, g.node('Abs', [places]))]);
}

/** bins → bins²: the bin that each pair has of one of the two. */
function spread(of: (pair: number) => number): number[][] {
  return Array.from({ length: pairBins ** 2 }, (_, pair) =>
    Array.from({ length: pairBins }, (__, bin) => (bin === of(pair) ? 1 : 0)),
  );
}

/** Weights with a mean of 1: a Gaussian around the middle, a sixth of the side wide. */
const along = Array.from({ length: side }, (_, at) => Math.exp(-18 * ((at + 0.5) / side - 0.5) ** 2));
const meanAlong = along.reduce((sum, weight) => sum + weight, 0) / side;
const middle = along.flatMap((a) => along.map((b) => (a * b) / meanAlong ** 2));
