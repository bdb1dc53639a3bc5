// Telling things from their ground by how bright they are: the mask that counting starts from.
import { withMats } from './load-open-cv.js';
import type { Keep, Mat, OpenCv } from './open-cv.js';
import type { Photo, SegmentOptions } from './messages.js';

/** Standard deviation of the blur that takes the noise away, in pixels. */
const smoothing = 1;
/** How often the ground is levelled: each time more of it is taken for ground. */
const levelRounds = 4;
/** By how many standard deviations of the ground things differ from it at least: half of plain noise differs by 2.7 from the other. */
const leastContrast = 4;

/** How much each pixel of a photo stands out from its ground. */
export interface StandingOut {
  readonly width: number;
  readonly height: number;
  readonly values: Float32Array;
  readonly within: Uint8Array | null;
  /** Between ground and things, and the mean of the ground. */
  readonly threshold: number;
  readonly ground: number;
}

/**
 * What stands out from its ground, and by how much; null where nothing does.
 *
 * 1. Colours become one number each: their first principal component, so that what differs in colour alone comes out too.
 * 2. Light things are looked at by the square root of the light (Anscombe 1948: the noise is then the same everywhere), dark ones
 *    by its logarithm (Beer–Lambert: what they absorb).
 * 3. Shade is a quadratic surface through the ground, fitted again and again and subtracted.
 * 4. The threshold is Otsu's (1979).
 */
export function standOut(
  cv: OpenCv,
  photo: Photo,
  { polarity, within }: Pick<SegmentOptions, 'polarity' | 'within'>,
): StandingOut | null {
  const { width, height } = photo;
  const values = smoothTones(cv, photo, polarity, within);
  let threshold = otsu(values, within);
  for (let round = 0; round < levelRounds; round++) {
    if (!levelGround(values, { width, height }, within, threshold)) break;
    threshold = otsu(values, within);
  }
  const { ground, deviation, contrast } = classes(values, within, threshold);
  return contrast < leastContrast * deviation ? null : { width, height, values, within, threshold, ground };
}

function smoothTones(
  cv: OpenCv,
  photo: Photo,
  polarity: SegmentOptions['polarity'],
  within: Uint8Array | null,
): Float32Array {
  const tones = principalTones(photo, within);
  const light = polarity === 'auto' ? isLightLess(tones, within) : polarity === 'light';
  const { low, high } = rangeOf(tones);
  const dark = Math.min(0, low);
  for (let at = 0; at < tones.length; at++) {
    const tone = tones[at]! - dark;
    tones[at] = light ? Math.sqrt(tone) : -Math.log((tone + 8) / (high - dark + 8));
  }
  return withMats((keep) => {
    const mat = keep(cv.matFromArray(photo.height, photo.width, cv.CV_32FC1, tones));
    cv.GaussianBlur(mat, mat, new cv.Size(0, 0), smoothing, smoothing, cv.BORDER_REFLECT);
    return Float32Array.from(mat.data32F);
  });
}

/**
 * The mask of what stands out, 255 where something is.
 * @param shift of the threshold, as a share of the contrast
 */
export function maskOfThings(
  cv: OpenCv,
  { width, height, values, within, threshold, ground }: StandingOut,
  shift: number,
  keep: Keep,
): Mat {
  const least = threshold + shift * (threshold - ground);
  const mask = keep(new cv.Mat(height, width, cv.CV_8UC1));
  const bits = mask.data;
  for (let at = 0; at < values.length; at++) bits[at] = values[at]! > least && within?.[at] !== 0 ? 255 : 0;
  return mask;
}

/**
 * Takes specks away and closes holes.
 * @param mask is changed
 * @param hole pixels of the largest hole that is closed
 */
export function tidy(cv: OpenCv, mask: Mat, hole: number) {
  withMats((keep) => {
    const element = keep(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(3, 3)));
    cv.morphologyEx(mask, mask, cv.MORPH_OPEN, element);
    const ground = keep(new cv.Mat());
    cv.bitwise_not(mask, ground);
    const [labels, stats, middles] = [keep(new cv.Mat()), keep(new cv.Mat()), keep(new cv.Mat())];
    const count = cv.connectedComponentsWithStats(ground, labels, stats, middles, 4, cv.CV_32S);
    const isHole = new Uint8Array(count);
    const { data32S: numbers } = stats;
    for (let label = 1; label < count; label++) {
      const [left = 0, top = 0, width = 0, height = 0, area = 0] = numbers.subarray(label * 5, label * 5 + 5);
      const touches = left === 0 || top === 0 || left + width === mask.cols || top + height === mask.rows;
      isHole[label] = !touches && area <= hole ? 1 : 0;
    }
    const bits = mask.data;
    labels.data32S.forEach((label, at) => {
      if (isHole[label] === 1) bits[at] = 255;
    });
  });
}

/**
 * The first principal component of the colours, with weights whose absolute values sum to 1 and whose sum is positive: of grey
 * pictures their grey.
 */
function principalTones({ data }: Photo, within: Uint8Array | null): Float32Array {
  const pixels = data.length / 3;
  const step = Math.max(1, Math.floor(pixels / 20_000));
  const [mean, products] = [[0, 0, 0], new Float64Array(9)];
  let count = 0;
  for (let at = 0; at < pixels; at += step) {
    if (within?.[at] === 0) continue;
    count++;
    for (let i = 0; i < 3; i++) {
      mean[i]! += data[3 * at + i]!;
      for (let j = 0; j < 3; j++) products[3 * i + j]! += data[3 * at + i]! * data[3 * at + j]!;
    }
  }
  let weights = [1 / 3, 1 / 3, 1 / 3];
  for (let round = 0; round < 50 && count > 0; round++) {
    const next = [0, 1, 2].map((i) =>
      weights.reduce((sum, weight, j) => sum + weight * (products[3 * i + j]! - (mean[i]! * mean[j]!) / count), 0),
    );
    const length = next.reduce((sum, value) => sum + Math.abs(value), 0);
    if (length < 1e-9) break;
    weights = next.map((value) => value / length);
  }
  const [red = 0, green = 0, blue = 0] = weights.map(
    (weight) => weight * (weights[0]! + weights[1]! + weights[2]! < 0 ? -1 : 1),
  );
  const tones = new Float32Array(pixels);
  for (let at = 0; at < pixels; at++)
    tones[at] = red * data[3 * at]! + green * data[3 * at + 1]! + blue * data[3 * at + 2]!;
  return tones;
}

/** Whether there is less of what is light. */
function isLightLess(tones: Float32Array, within: Uint8Array | null) {
  const threshold = otsu(tones, within);
  let [light, all] = [0, 0];
  for (let at = 0; at < tones.length; at++) {
    if (within?.[at] === 0) continue;
    all++;
    if (tones[at]! > threshold) light++;
  }
  return light < all / 2;
}

function rangeOf(values: Float32Array) {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/**
 * The threshold between two classes with the largest variance between them (Otsu 1979), on 256 bins.
 */
export function otsu(values: Float32Array, within: Uint8Array | null) {
  const { low, high } = rangeOf(values);
  const scale = 255 / (high - low || 1);
  const counts = new Float64Array(256);
  let [count, sum] = [0, 0];
  for (let at = 0; at < values.length; at++) {
    if (within?.[at] === 0) continue;
    const bin = Math.round((values[at]! - low) * scale);
    counts[bin]!++;
    count++;
    sum += bin;
  }
  let [below, sumBelow, best, threshold] = [0, 0, -1, 0];
  for (let bin = 0; bin < 255; bin++) {
    below += counts[bin]!;
    sumBelow += bin * counts[bin]!;
    if (below === 0 || below === count) continue;
    const between = (sum * below - sumBelow * count) ** 2 / (below * (count - below));
    if (between > best) [best, threshold] = [between, bin];
  }
  return low + (threshold + 0.5) / scale;
}

/**
 * Subtracts a quadratic surface through the ground. @returns whether there is enough ground for that
 * @param values are changed
 */
function levelGround(
  values: Float32Array,
  { width, height }: { width: number; height: number },
  within: Uint8Array | null,
  threshold: number,
): boolean {
  const step = Math.max(1, Math.floor(Math.sqrt(values.length / 6_000)));
  const powers = (x: number, y: number) => {
    const [u, v] = [(2 * x) / width - 1, (2 * y) / height - 1];
    return [1, u, v, u * u, u * v, v * v];
  };
  const samples = [];
  let all = 0;
  for (let y = 0; y < height; y += step) {
    for (let x = 0; x < width; x += step) {
      const at = y * width + x;
      if (within?.[at] === 0) continue;
      all++;
      if (values[at]! <= threshold) samples.push({ powers: powers(x, y), value: values[at]! });
    }
  }
  if (samples.length < Math.max(60, all / 4)) return false;
  const surface = fit(samples);
  const [, bu = 0, bv = 0, buu = 0, buv = 0, bvv = 0] = surface;
  for (let y = 0; y < height; y++) {
    const v = (2 * y) / height - 1;
    const [ofRow, slope] = [v * (bv + v * bvv), bu + v * buv];
    for (let x = 0, at = y * width; x < width; x++, at++) {
      const u = (2 * x) / width - 1;
      values[at]! -= ofRow + u * (slope + u * buu);
    }
  }
  return true;
}

/** Least squares by the normal equations. */
function fit(samples: readonly { powers: number[]; value: number }[]) {
  const rows = Array.from({ length: 6 }, (_, row) => {
    const equation = Array.from({ length: 7 }, () => 0);
    equation[row] = 1e-6 * samples.length;
    return equation;
  });
  for (const { powers, value } of samples) {
    for (let i = 0; i < 6; i++) {
      for (let j = 0; j < 6; j++) rows[i]![j]! += powers[i]! * powers[j]!;
      rows[i]![6]! += powers[i]! * value;
    }
  }
  for (let pivot = 0; pivot < 6; pivot++) {
    for (let row = 0; row < 6; row++) {
      if (row === pivot) continue;
      const factor = rows[row]![pivot]! / rows[pivot]![pivot]!;
      for (let column = pivot; column < 7; column++) rows[row]![column]! -= factor * rows[pivot]![column]!;
    }
  }
  return rows.map((row, at) => row[6]! / row[at]!);
}

/**
 * Mean and deviation of the ground, and how far the mean of what stands out is above it.
 */
function classes(values: Float32Array, within: Uint8Array | null, threshold: number) {
  let [below, sum, squares, above, sumAbove] = [0, 0, 0, 0, 0];
  for (let at = 0; at < values.length; at++) {
    if (within?.[at] === 0) continue;
    const value = values[at]!;
    if (value <= threshold) {
      below++;
      sum += value;
      squares += value * value;
    } else {
      above++;
      sumAbove += value;
    }
  }
  if (below === 0 || above === 0) return { ground: 0, deviation: 1, contrast: 0 };
  const ground = sum / below;
  const deviation = Math.sqrt(Math.max(0, squares / below - ground * ground));
  return { ground, deviation, contrast: sumAbove / above - ground };
}
