// What a trained classifier knows of a pixel: what its surroundings look like on several scales.
import { withMats } from './load-open-cv.js';
import type { Photo } from './messages.js';
import type { Keep, Mat, OpenCv } from './open-cv.js';

/** Standard deviations of the Gaussians, in pixels, and by how much the picture is made smaller for them first. */
const scales = [
  { sigma: 1, shrink: 1 },
  { sigma: 2, shrink: 1 },
  { sigma: 4, shrink: 2 },
  { sigma: 8, shrink: 4 },
] as const;

/** Features at each scale. */
const perScale = 9;

/** Features in all. */
export const featureCount = scales.length * perScale;

/**
 * Features of every pixel, at each scale σ: the three colours; then of the brightness the length of the gradient, the two
 * eigenvalues of the Hessian matrix (ridges and valleys), the square roots of the two of the structure tensor, and the difference
 * to twice the scale. First derivatives are multiplied by σ, second ones by σ², so that scales compare (Lindeberg 1998). These
 * are the features of ilastik (Berg et al. 2019). Each colour is first divided by that of the brightest ground, its 95th percentile,
 * which takes away how the lamp was set. Large scales are worked out on a smaller picture, which looks the same to them.
 * @returns by feature, for each pixel; in the order of the scales
 */
export function pixelFeatures(cv: OpenCv, { width, height, data }: Photo): Float32Array[] {
  return withMats((keep) => {
    const colours = groundedColours(cv, { width, height, data }, keep);
    return scales.flatMap(({ sigma, shrink }) =>
      withMats((keepHere) => {
        const to = (from: Mat, across: number, down: number, how: number): Mat => {
          if (shrink === 1) return from;
          const other = keepHere(new cv.Mat());
          cv.resize(from, other, new cv.Size(across, down), 0, 0, how);
          return other;
        };
        const [across, down] = [Math.ceil(width / shrink), Math.ceil(height / shrink)];
        const small = colours.map((colour) => to(colour, across, down, cv.INTER_AREA));
        const features = featuresAt(cv, small, sigma / shrink, keepHere);
        return features.map((feature) => Float32Array.from(to(feature, width, height, cv.INTER_LINEAR).data32F));
      }),
    );
  });
}

/** The three colours, as shares of the brightest ground. */
function groundedColours(cv: OpenCv, { width, height, data }: Photo, keep: Keep): Mat[] {
  const picture = keep(cv.matFromArray(height, width, cv.CV_8UC3, data));
  const planes = keep(new cv.MatVector());
  cv.split(picture, planes);
  return [0, 1, 2].map((channel) => {
    const plane = keep(planes.get(channel));
    const scaled = keep(new cv.Mat());
    plane.convertTo(scaled, cv.CV_32FC1, 1 / Math.max(1, percentile(plane.data, 0.95)));
    return scaled;
  });
}

function featuresAt(cv: OpenCv, colours: readonly Mat[], sigma: number, keep: Keep): Mat[] {
  const blurred = (from: Mat, by: number): Mat => {
    const to = keep(new cv.Mat());
    cv.GaussianBlur(from, to, new cv.Size(0, 0), by, by, cv.BORDER_REFLECT);
    return to;
  };
  const smooth = colours.map((colour) => blurred(colour, sigma));
  const grey = meanOf(cv, smooth, keep);
  const derivative = (dx: number, dy: number): Mat => {
    const to = keep(new cv.Mat());
    const scale = dx + dy === 2 ? 1 / 4 : 1 / 8;
    cv.Sobel(grey, to, cv.CV_32F, dx, dy, 3, scale * sigma ** (dx + dy), 0, cv.BORDER_REFLECT);
    return to;
  };
  const [across, down] = [derivative(1, 0), derivative(0, 1)];
  const gradient = keep(new cv.Mat());
  cv.magnitude(across, down, gradient);
  const product = (a: Mat, b: Mat): Mat => {
    const to = keep(new cv.Mat());
    cv.multiply(a, b, to);
    return blurred(to, 2 * sigma);
  };
  const hessian = eigenvalues(cv, derivative(2, 0), derivative(0, 2), derivative(1, 1), keep);
  const tensor = eigenvalues(cv, product(across, across), product(down, down), product(across, down), keep);
  for (const mat of tensor) mat.data32F.forEach((value, at, values) => (values[at] = Math.sqrt(Math.max(0, value))));
  const contrast = keep(new cv.Mat());
  // Twice the scale is √3 times the scale once more.
  cv.addWeighted(grey, 1, blurred(grey, Math.sqrt(3) * sigma), -1, 0, contrast);
  return [...smooth, gradient, ...hessian, ...tensor, contrast];
}

function meanOf(cv: OpenCv, colours: readonly Mat[], keep: Keep): Mat {
  const [red, green, blue] = colours as [Mat, Mat, Mat];
  const mean = keep(new cv.Mat());
  cv.addWeighted(red, 1 / 3, green, 1 / 3, 0, mean);
  cv.addWeighted(mean, 1, blue, 1 / 3, 0, mean);
  return mean;
}

/** Eigenvalues of symmetric 2 × 2 matrices, the larger one first. */
function eigenvalues(cv: OpenCv, xx: Mat, yy: Mat, xy: Mat, keep: Keep): [Mat, Mat] {
  const [large, small] = [0, 0].map(() => keep(new cv.Mat(xx.rows, xx.cols, cv.CV_32FC1))) as [Mat, Mat];
  const [a, b, c] = [xx.data32F, yy.data32F, xy.data32F];
  const [upper, lower] = [large.data32F, small.data32F];
  for (let at = 0; at < a.length; at++) {
    const middle = (a[at]! + b[at]!) / 2;
    const half = Math.sqrt(((a[at]! - b[at]!) / 2) ** 2 + c[at]! ** 2);
    upper[at] = middle + half;
    lower[at] = middle - half;
  }
  return [large, small];
}

function percentile(levels: Uint8Array, share: number): number {
  const counts = new Uint32Array(256);
  for (const level of levels) counts[level]!++;
  let [seen, level] = [0, 0];
  while (level < 255 && (seen += counts[level]!) < share * levels.length) level++;
  return level;
}
