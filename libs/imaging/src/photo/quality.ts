// What can be said of a photo as a whole: its light, its contrast, and how sharp it is.
import { lightOf } from './colour.js';
import { withMats } from './load-open-cv.js';
import type { OpenCv } from './open-cv.js';
import type { Photo, PhotoQuality } from './messages.js';

/** Pixels of the steepest curvature that are left out as noise, and the one after them that is taken. */
const outliers = 100;

/**
 * Lightness from percentiles, and blur from the strongest edges: of an edge of contrast c that is blurred by σ the second derivative
 * is at most c·φ(1)/σ² = .242 c/σ², across it, so σ² = .242 c/L; the blur of 1 pixel that takes the noise away is taken off
 * again. It tells how blurred the sharpest things are, however few they are, where the variance of the Laplacian tells
 * how many edges there are as well (Pertuz et al. 2013 compare such measures).
 */
export function qualityOf(cv: OpenCv, { width, height, data }: Photo): PhotoQuality {
  return withMats((keep) => {
    const picture = keep(cv.matFromArray(height, width, cv.CV_8UC3, data));
    const grey = keep(new cv.Mat());
    cv.cvtColor(picture, grey, cv.COLOR_RGB2GRAY);
    const { levels, low, high } = percentiles(grey.data);
    const smooth = keep(new cv.Mat());
    grey.convertTo(smooth, cv.CV_32FC1);
    cv.GaussianBlur(smooth, smooth, new cv.Size(0, 0), 1, 1, cv.BORDER_REFLECT);
    const curved = keep(new cv.Mat());
    cv.Laplacian(smooth, curved, cv.CV_32F, 1, 1, 0, cv.BORDER_REFLECT);
    const curvature = Math.max(1e-6, steepest(curved.data32F, outliers));
    const blur = Math.sqrt(Math.max(0, (0.242 * (levels[1]! - levels[0]!)) / curvature - 1));
    return {
      brightest: high,
      contrast: high - low,
      blur: Math.min(1_000, (1_000 * blur) / Math.max(width, height)),
    };
  });
}

/** The absolute value that so many others reach, itself included; of fewer values the least. */
function steepest(values: Float32Array, rank: number): number {
  // Those found so far, the least first: nearly all others are below it.
  const most: number[] = [];
  for (const each of values) {
    const value = Math.abs(each);
    if (most.length === rank && value <= most[0]!) continue;
    if (most.length === rank) most.shift();
    let at = most.length;
    while (at > 0 && most[at - 1]! > value) at--;
    most.splice(at, 0, value);
  }
  return most[0] ?? 0;
}

/** The 1st and the 99th percentile, as levels and as lightness (CIE L*). */
function percentiles(grey: Uint8Array) {
  const counts = new Uint32Array(256);
  for (const level of grey) counts[level]!++;
  const levelAt = (share: number) => {
    let [seen, level] = [0, 0];
    while (level < 255 && (seen += counts[level]!) < share * grey.length) level++;
    return level;
  };
  const levels = [levelAt(0.01), levelAt(0.99)];
  const [low = 0, high = 0] = levels.map((level) => lightness(lightOf[level]!));
  return { levels, low, high };
}

function lightness(light: number) {
  return light > 216 / 24_389 ? 116 * Math.cbrt(light) - 16 : (24_389 / 27) * light;
}
