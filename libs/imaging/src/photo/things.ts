// What is known of each thing that was counted: its outline on the picture, its size and its colour.
import { areasOf, askForest, labelInside, labelThings } from './count.js';
import { coloursByLabel } from './colour.js';
import { withMats } from './load-open-cv.js';
import { standOut } from './segment.js';
import { maskOf, onPicture, pixelsOf } from './view.js';
import type { OpenCv } from './open-cv.js';
import type { CountTask, PhotoFinding, SegmentOptions, View } from './messages.js';

/** As little as two things need between them to be two; and the settings of a count that is easy, and of one that is hard to please. */
const usual = { shift: 0, separation: 0.07 };
const nearby = [
  { shift: -0.15, separation: 0.05 },
  { shift: 0.15, separation: 0.15 },
];

/**
 * Counts the things of a view. Counting is done again with other settings nearby, which tells how sure the count is.
 */
export function countThings(
  cv: OpenCv,
  view: View,
  task: CountTask,
  limits: { outlines: number; corners: number },
): PhotoFinding {
  const within = task.region === null ? null : maskOf(view, pixelsOf(view, task.region));
  const labelled = labeller(cv, view, task, within);
  const { labels, count } = labelled(usual);
  const counts = [count, ...nearby.map((settings) => labelled(settings).count)];
  const areas = areasOf(labels, count);
  const colours = coloursByLabel(view, labels, count);
  const largest = Array.from({ length: count }, (_, index) => index + 1)
    .sort((one, other) => areas[other]! - areas[one]!)
    .slice(0, limits.outlines);
  const outlines = outlinesOf(cv, view, labels, largest, limits.corners);
  const things = largest.map((label, index) => ({
    outline: onPicture(view, outlines[index]!),
    area: areas[label]! / labels.length,
    colour: colours[label - 1]!,
  }));
  return { kind: 'counted', count, least: Math.min(...counts), most: Math.max(...counts), things };
}

/** What labels the things of a view with some settings; what does not depend on these is done once. */
function labeller(
  cv: OpenCv,
  view: View,
  { polarity, classifier, diameter }: CountTask,
  within: Uint8Array | null,
): (settings: Pick<SegmentOptions, 'shift' | 'separation'>) => { labels: Int32Array; count: number } {
  const longer = Math.max(view.width, view.height);
  const range = diameter && { least: (diameter.least * longer) ** 2, most: (diameter.most * longer) ** 2 };
  const isFit = (area: number) =>
    range === null || (area >= (range.least * Math.PI) / 4 && area <= (range.most * Math.PI) / 4);
  if (classifier !== null) {
    const pixels = askForest(cv, view, classifier);
    return (settings) => labelInside(cv, view, pixels, { within, ...settings }, isFit);
  }
  const standing = standOut(cv, view, { polarity, within });
  if (standing === null) return () => ({ labels: new Int32Array(view.width * view.height), count: 0 });
  return (settings) => labelThings(cv, standing, settings, isFit);
}

/**
 * Outlines of things in pixels of the view, simplified until they have so many corners at most.
 */
export function outlinesOf(
  cv: OpenCv,
  { width, height }: { width: number; height: number },
  labels: Int32Array,
  wanted: readonly number[],
  corners: number,
): [number, number][][] {
  const boxes = boxesOf(labels, width);
  return wanted.map((label) => {
    const { left, top, right, bottom } = boxes.get(label)!;
    return withMats((keep) => {
      const [across, down] = [right - left + 3, bottom - top + 3];
      const mask = keep(new cv.Mat(down, across, cv.CV_8UC1));
      const bits = mask.data;
      bits.fill(0);
      for (let y = top; y <= bottom; y++) {
        for (let x = left; x <= right; x++) {
          if (labels[y * width + x] === label) bits[(y - top + 1) * across + x - left + 1] = 255;
        }
      }
      const [contours, hierarchy] = [keep(new cv.MatVector()), keep(new cv.Mat())];
      cv.findContours(mask, contours, hierarchy, cv.RETR_EXTERNAL, cv.CHAIN_APPROX_NONE);
      const parts = Array.from({ length: contours.size() }, (_, index) => keep(contours.get(index)));
      const longest = parts.reduce((best, part) => (part.rows > best.rows ? part : best));
      const simple = keep(new cv.Mat());
      for (let distance = 0.7; ; distance *= 1.5) {
        cv.approxPolyDP(longest, simple, distance, true);
        if (simple.rows <= corners) break;
      }
      const points = [...simple.data32S];
      // The outline goes through the middles of the outermost pixels.
      const placed = Array.from({ length: simple.rows }, (_, at): [number, number] => [
        points[2 * at]! + left - 0.5,
        points[2 * at + 1]! + top - 0.5,
      ]);
      return placed.length >= 3 ? placed : square({ left, top, right, bottom }, { width, height });
    });
  });
}

interface Box {
  left: number;
  readonly top: number;
  right: number;
  bottom: number;
}

/** Of things that are a line or a point. */
function square(
  { left, top, right, bottom }: Box,
  { width, height }: { width: number; height: number },
): [number, number][] {
  return [
    [left, top],
    [Math.min(width, right + 1), top],
    [Math.min(width, right + 1), Math.min(height, bottom + 1)],
    [left, Math.min(height, bottom + 1)],
  ];
}

function boxesOf(labels: Int32Array, width: number): Map<number, Box> {
  const boxes: Map<number, Box> = new Map();
  labels.forEach((label, at) => {
    if (label === 0) return;
    const x = at % width;
    const y = (at - x) / width;
    const box = boxes.get(label);
    if (box === undefined) {
      boxes.set(label, { left: x, top: y, right: x, bottom: y });
      return;
    }
    box.left = Math.min(box.left, x);
    box.right = Math.max(box.right, x);
    box.bottom = y;
  });
  return boxes;
}
