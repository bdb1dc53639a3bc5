// Counting things: a mask, taken apart where things touch, and what is known of each.
import { floodBasins } from './flood.js';
import { withMats } from './load-open-cv.js';
import { predictForest } from './pixel-forest.js';
import { pixelFeatures } from './pixel-features.js';
import { maskOfThings, tidy, type StandingOut } from './segment.js';
import type { Keep, Mat, OpenCv } from './open-cv.js';
import type { Photo, PixelForest, SegmentOptions } from './messages.js';

/** Pixels of the smallest thing, and its share of what is typical: of the size in which half of all that stands out is. */
const leastArea = 15;
const leastShare = 0.05;
/** What a summit of the distance transform needs above its saddle, in pixels. */
const leastHeight = 0.75;

/**
 * Labels things that stand out by their brightness.
 * @param isFit whether a thing of so many pixels counts
 * @returns for each pixel 0, or the number of its thing from 1
 */
export function labelThings(
  cv: OpenCv,
  standing: StandingOut,
  { shift, separation }: Pick<SegmentOptions, 'shift' | 'separation'>,
  isFit: (area: number) => boolean = () => true,
): { labels: Int32Array; count: number } {
  return withMats((keep) => {
    const mask = maskOfThings(cv, standing, shift, keep);
    tidy(cv, mask, Math.max(200, (standing.width * standing.height) / 1_000));
    const labels = takeApart(cv, mask, separation, keep);
    return keepThings(labels, (area, typical) => area >= Math.max(leastArea, leastShare * typical) && isFit(area));
  });
}

/** Probability from which a pixel is inside, the mean that a thing needs, and the share of the smallest one that was learnt from. */
const inside = 0.5;
const meanInside = 0.7;
const shareOfLeast = 0.5;

/** What a trained classifier says of the pixels of a photo. */
export interface InsidePixels {
  /** Probability of each pixel to be inside, a little smoothed. */
  readonly shares: Float32Array;
  /** Pixels of the smallest things that it learnt from. */
  readonly leastArea: number;
}

/** Asks a classifier about every pixel. */
export function askForest(cv: OpenCv, photo: Photo, forest: PixelForest): InsidePixels {
  const shares = predictForest(forest, pixelFeatures(cv, photo));
  return withMats((keep) => {
    const mat = keep(cv.matFromArray(photo.height, photo.width, cv.CV_32FC1, shares));
    cv.GaussianBlur(mat, mat, new cv.Size(0, 0), 1, 1, cv.BORDER_REFLECT);
    return { shares: Float32Array.from(mat.data32F), leastArea: forest.leastArea };
  });
}

/** Labels things by what a classifier says of their pixels. */
export function labelInside(
  cv: OpenCv,
  { width, height }: Photo,
  { shares, leastArea: learnt }: InsidePixels,
  { within, shift, separation }: Omit<SegmentOptions, 'polarity'>,
  isFit: (area: number) => boolean = () => true,
): { labels: Int32Array; count: number } {
  return withMats((keep) => {
    const mask = keep(new cv.Mat(height, width, cv.CV_8UC1));
    const bits = mask.data;
    for (let at = 0; at < shares.length; at++) {
      bits[at] = shares[at]! > inside * (1 + shift) && within?.[at] !== 0 ? 255 : 0;
    }
    tidy(cv, mask, 100);
    const labels = takeApart(cv, mask, separation, keep);
    const sums = sumBy(labels, shares);
    return keepThings(
      labels,
      (area, _, label) =>
        area >= shareOfLeast * learnt && sums[label]! / area >= meanInside * (1 + shift / 2) && isFit(area),
    );
  });
}

function takeApart(cv: OpenCv, mask: Mat, separation: number, keep: Keep) {
  const distance = keep(new cv.Mat());
  cv.distanceTransform(mask, distance, cv.DIST_L2, 5);
  return floodBasins(Float32Array.from(distance.data32F), mask.cols, { share: separation, least: leastHeight }).labels;
}

function sumBy(labels: Int32Array, values: Float32Array) {
  const sums = new Float64Array(countOf(labels) + 1);
  labels.forEach((label, at) => (sums[label]! += values[at]!));
  return sums;
}

function countOf(labels: Int32Array) {
  let count = 0;
  for (const label of labels) if (label > count) count = label;
  return count;
}

/** Areas by label. */
export function areasOf(labels: Int32Array, count: number) {
  const areas = new Uint32Array(count + 1);
  for (const label of labels) areas[label]!++;
  return areas;
}

/**
 * Numbers the things that may stay anew.
 * @param labels are changed
 */
export function keepThings(labels: Int32Array, mayStay: (area: number, typical: number, label: number) => boolean) {
  const areas = areasOf(labels, countOf(labels));
  const typical = typicalArea(areas.subarray(1));
  const numbers = new Int32Array(areas.length);
  let count = 0;
  for (let label = 1; label < areas.length; label++) {
    if (areas[label]! > 0 && mayStay(areas[label]!, typical, label)) numbers[label] = ++count;
  }
  labels.forEach((label, at) => (labels[at] = numbers[label]!));
  return { labels, count };
}

/** The size in which half of all area is. */
function typicalArea(areas: Uint32Array) {
  const sorted = areas.slice().sort();
  const half = sorted.reduce((sum, area) => sum + area, 0) / 2;
  let sum = 0;
  return sorted.find((area) => (sum += area) >= half) ?? 0;
}
