import type { OnnxBuilder, Step } from '../onnx-builder.js';
import { softBins } from './colours.js';

/** Side of the picture, and of its border, in pixels. */
const [side, borderWidth] = [64, 4];
const rings = 8;
const highestOrder = 6;

/** Features of what stands out from the border of a picture, as [N, features]. */
export interface Silhouette {
  /** Size, spread, stretch, how much of it is at which distance from its middle, and its symmetries: 18. */
  readonly shape: Step;
  /** Its colour, that of the border, and how far they are apart: 10. */
  readonly colours: Step;
  /** Where it is, in 8 × 8 cells: 64. */
  readonly cells: Step;
}

/**
 * What stands out from the border: m = d / (d + mean of d), with d the distance in colour from the mean of the border. Its
 * symmetries are |Σ m zᵏ| / Σ m |z|ᵏ, with z the place from the centroid as a complex number (complex moments; Flusser, Suk
 * and Zitová, "Moments and Moment Invariants in Pattern Recognition", 2009): large for k = 3 in a triangle, for k = 4 in a square.
 * @param colours [N, 3, 64, 64] by `opponents`
 */
export function describeSilhouette(g: OnnxBuilder, colours: Step): Silhouette {
  const background = g.mean(
    g.multiply(
      colours,
      perPixel(g, (x, y) => (isBorder(x, y) ? 1 / borderShare : 0)),
    ),
  );
  const apart = g.subtract(colours, background);
  const distance = g.root(g.sumChannels(g.multiply(apart, apart), 3), 1e-6);
  const meanDistance = g.mean(distance);
  const mask = g.divide(distance, g.add(distance, g.add(meanDistance, 0.02)));
  const area = g.add(g.mean(mask), 1e-3);
  /** Mean of each channel over the silhouette: [N, C, 1, 1]. */
  const inside = (x: Step): Step => g.divide(g.mean(g.multiply(x, mask)), area);

  const [across, down] = [perPixel(g, (x) => (x + 0.5) / side - 0.5), perPixel(g, (_, y) => (y + 0.5) / side - 0.5)];
  const [x, y] = [g.subtract(across, inside(across)), g.subtract(down, inside(down))];
  const squares = g.add(g.multiply(x, x), g.multiply(y, y));
  const [xx, yy, xy] = [inside(g.multiply(x, x)), inside(g.multiply(y, y)), inside(g.multiply(x, y))];
  const inertia = g.add(xx, yy);
  const [stretch, lean] = [g.divide(g.subtract(xx, yy), inertia), g.divide(g.multiply(xy, 2), inertia)];
  const elongation = g.root(g.add(g.multiply(stretch, stretch), g.multiply(lean, lean)), 1e-6);
  const radius = g.root(squares, 1e-6);
  const profile = inside(softBins(g, radius, 0, 0.7, rings));
  const shape = [
    area,
    g.root(inertia, 1e-6),
    stretch,
    lean,
    elongation,
    profile,
    ...symmetriesOf(g, mask, x, y, radius),
  ];
  const colour = inside(colours);
  return {
    shape: g.flatten(g.join(shape)),
    colours: g.flatten(g.join([colour, background, g.subtract(colour, background), meanDistance])),
    cells: g.flatten(g.pool(mask, side / 8)),
  };
}

/** By the order k, from 2: [N, 1, 1, 1] each. */
function symmetriesOf(g: OnnxBuilder, mask: Step, x: Step, y: Step, radius: Step): Step[] {
  let [real, imaginary, power] = [x, y, radius];
  return Array.from({ length: highestOrder - 1 }, () => {
    [real, imaginary] = [
      g.subtract(g.multiply(real, x), g.multiply(imaginary, y)),
      g.add(g.multiply(real, y), g.multiply(imaginary, x)),
    ];
    power = g.multiply(power, radius);
    const [re, im] = [g.mean(g.multiply(mask, real)), g.mean(g.multiply(mask, imaginary))];
    const size = g.root(g.add(g.multiply(re, re), g.multiply(im, im)), 1e-12);
    return g.divide(size, g.add(g.mean(g.multiply(mask, power)), 1e-6));
  });
}

function isBorder(x: number, y: number): boolean {
  return Math.min(x, y, side - 1 - x, side - 1 - y) < borderWidth;
}

const borderShare = 1 - ((side - 2 * borderWidth) / side) ** 2;

/** A number for each pixel, the same in all pictures: [1, 1, H, W]. */
function perPixel(g: OnnxBuilder, of: (x: number, y: number) => number): Step {
  const numbers = Array.from({ length: side * side }, (_, at) => of(at % side, Math.floor(at / side)));
  return g.numbers([1, 1, side, side], numbers);
}
