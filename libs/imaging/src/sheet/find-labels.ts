// Words in the ink of a sheet, and where the lines lead that are drawn from them.
import { withMats } from '../photo/load-open-cv.js';
import type { OpenCv } from '../photo/open-cv.js';
import type { Flat } from './find-ink.js';
import { applied, type Place2 } from './homography.js';
import type { GreyPicture } from './load-tesseract.js';
import { coverLine, endOf, traceLeaders, type DrawnLine } from './trace-leaders.js';

/** An upright rectangle; the sides belong to it. In pixels of the straightened sheet. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Something that is written, on one line. */
export interface WrittenLabel {
  readonly box: Box;
  /** 255 where there is nothing of it, darker where there is ink: what is to be read, a little larger than its box; null for nothing. */
  readonly crop: GreyPicture | null;
  /** Of its letters, in pixels. */
  readonly size: number;
  /** Where the lines end that are drawn from it. */
  readonly ends: readonly Place2[];
}

/** A pixel is ink below the first lightness, where it hangs together with one below the second. */
const ink = { weak: 205, strong: 178 } as const;
/** Heights of letters, in pixels of the template, and their least area. */
const letters = { least: 4, most: 60, area: 5 } as const;
/** In heights of a letter: how far apart letters and words of one label are. */
const apart = 1.5;
/** In heights of a letter: the longest label on one line, the tallest, and how far from its label a line may begin. */
const most = { width: 30, height: 5, toLine: 1.2 } as const;

/** The share of its box that ink takes of a word, at most. */
const mostInked = 0.65;

interface Blob extends Box {
  readonly number: number;
  /** Pixels. */
  readonly area: number;
}

interface Blobs {
  readonly all: readonly Blob[];
  /** The number of the blob of each pixel; 0 for none. */
  readonly owner: Int32Array;
}

/** Finds the labels on a sheet, and where the lines from them end. */
export function findLabels(cv: OpenCv, flat: Flat): WrittenLabel[] {
  const inked = new Uint8Array(flat.lightness.length);
  for (let at = 0; at < inked.length; at++) if (flat.lightness[at]! < ink.weak) inked[at] = 255;
  const first = blobsOf(cv, flat, inked);
  const size = letterHeight(first.all, flat.scale);
  if (size === null) return [];
  const large = new Set(
    first.all.filter((blob) => Math.max(widthOf(blob), heightOf(blob)) > 2.4 * size).map(({ number }) => number),
  );
  const candidates = new Uint8Array(inked.length);
  for (let at = 0; at < inked.length; at++) {
    if (inked[at] === 255 && large.has(first.owner[at]!)) candidates[at] = 255;
  }
  const lines = traceLeaders(cv, flat, candidates, size, ink.weak);
  for (const line of lines) coverLine(flat, line, 1.5, (at) => (inked[at] = 0));
  const rest = blobsOf(cv, flat, inked);
  const written = rest.all.filter(
    (blob) => heightOf(blob) < most.height * size && widthOf(blob) < most.width * size && !isEdge(blob, flat),
  );
  const groups = grouped(written, size).filter((group) => isWritten(group, size));
  const boxes = groups.map(around);
  const { leaders, loose } = attach(lines, boxes, size);
  const labels = groups.map((group, at): WrittenLabel => {
    const [box, own] = [boxes[at]!, leaders[at]!];
    const ends = own.map(({ path }) => endOf(flat, path));
    return { box, size, ends, crop: cropOf(flat, rest.owner, group, box, own, size) };
  });
  return [...labels, ...loose.flatMap((line) => withoutWords(flat, line, size))];
}

/** A line that no word was found for says that something is named where it ends on the picture; whatever that is, it cannot be read. */
function withoutWords(flat: Flat, { path }: DrawnLine, size: number): WrittenLabel[] {
  const ends = [path, [...path].reverse()]
    .map((from) => endOf(flat, from))
    .filter((end) => {
      const [x, y] = applied(flat.toTemplate, end);
      return x > 0 && y > 0 && x < flat.template.width && y < flat.template.height;
    });
  if (ends.length === 0) return [];
  const along = (axis: 0 | 1): number[] => path.map((place) => Math.round(place[axis]));
  const box = {
    left: Math.min(...along(0)),
    top: Math.min(...along(1)),
    right: Math.max(...along(0)),
    bottom: Math.max(...along(1)),
  };
  return [{ box, size, ends, crop: null }];
}

function blobsOf(cv: OpenCv, { width, height, lightness, scale }: Flat, inked: Uint8Array): Blobs {
  return withMats((keep) => {
    const mask = keep(cv.matFromArray(height, width, cv.CV_8UC1, inked));
    const [numbers, stats, middles] = [keep(new cv.Mat()), keep(new cv.Mat()), keep(new cv.Mat())];
    const count = cv.connectedComponentsWithStats(mask, numbers, stats, middles, 8, cv.CV_32S);
    const owner = numbers.data32S.slice();
    const strong = new Uint8Array(count);
    for (let at = 0; at < owner.length; at++) if (lightness[at]! < ink.strong) strong[owner[at]!] = 1;
    const all: Blob[] = [];
    for (let number = 1; number < count; number++) {
      const [left, top, across, down, area] = [...stats.data32S.subarray(5 * number, 5 * number + 5)] as [
        number,
        number,
        number,
        number,
        number,
      ];
      if (strong[number] === 0 || area < letters.area * scale ** 2) continue;
      all.push({ number, area, left, top, right: left + across - 1, bottom: top + down - 1 });
    }
    return { all, owner };
  });
}

/** The median height of what may be letters; null where there are none. */
function letterHeight(blobs: readonly Blob[], scale: number): number | null {
  const heights = blobs
    .filter((blob) => widthOf(blob) < 3 * heightOf(blob))
    .map(heightOf)
    .filter((height) => height >= letters.least * scale && height <= letters.most * scale)
    .sort((one, other) => one - other);
  return heights.length < 2 ? null : heights[Math.floor(heights.length / 2)]!;
}

/** Ink along the edge of what is seen is no writing. */
function isEdge({ left, top, right, bottom }: Blob, { width, height }: Flat): boolean {
  return left <= 1 || top <= 1 || right >= width - 2 || bottom >= height - 2;
}

/** Puts together what stands on one line. */
function grouped(blobs: readonly Blob[], size: number): Blob[][] {
  const parent = blobs.map((_, at) => at);
  const root = (at: number): number => (parent[at] === at ? at : (parent[at] = root(parent[at]!)));
  blobs.forEach((one, at) => {
    for (let next = at + 1; next < blobs.length; next++) {
      if (belongTogether(one, blobs[next]!, size)) parent[root(at)] = root(next);
    }
  });
  const groups = new Map<number, Blob[]>();
  blobs.forEach((blob, at) => groups.set(root(at), [...(groups.get(root(at)) ?? []), blob]));
  return [...groups.values()];
}

function belongTogether(one: Blob, other: Blob, size: number): boolean {
  const across = Math.max(one.left, other.left) - Math.min(one.right, other.right);
  const down = Math.max(one.top, other.top) - Math.min(one.bottom, other.bottom);
  const isDot = (blob: Blob): boolean => heightOf(blob) < 0.4 * size;
  // A dot above its letter.
  if (isDot(one) !== isDot(other)) return across < 0.5 * size && down < 0.6 * size;
  return across < apart * size && -down > Math.min(0.35 * size, 0.4 * Math.min(heightOf(one), heightOf(other)));
}

/** Whether some blobs may be a word: more than a speck, a stroke or a dot, and no solid thing such as the edge of a shadow. */
function isWritten(group: readonly Blob[], size: number): boolean {
  const box = around(group);
  const isTall = group.some((blob) => heightOf(blob) > 0.5 * size);
  const inked = group.reduce((sum, { area }) => sum + area, 0) / (widthOf(box) * heightOf(box));
  return isTall && widthOf(box) > 1.4 * size && inked < mostInked;
}

/** Gives each line to the label that is nearest to one of its ends; by label, its lines from there on, and those that no label has. */
function attach(
  lines: readonly DrawnLine[],
  boxes: readonly Box[],
  size: number,
): { readonly leaders: readonly DrawnLine[][]; readonly loose: readonly DrawnLine[] } {
  const leaders = boxes.map((): DrawnLine[] => []);
  const loose: DrawnLine[] = [];
  for (const { path, thickness } of lines) {
    let best = { label: -1, distance: most.toLine * size, from: path };
    for (const from of [path, [...path].reverse()]) {
      boxes.forEach((box, label) => {
        const distance = distanceTo(box, from[0]!);
        if (distance < best.distance) best = { label, distance, from };
      });
    }
    if (best.label < 0) loose.push({ path, thickness });
    else leaders[best.label]!.push({ path: best.from, thickness });
  }
  return { leaders, loose };
}

function distanceTo({ left, top, right, bottom }: Box, [x, y]: Place2): number {
  return Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
}

/** The ink of some blobs and their soft edges, with what a line that touches them has covered; nothing else. */
function cropOf(
  flat: Flat,
  owner: Int32Array,
  group: readonly Blob[],
  box: Box,
  leaders: readonly DrawnLine[],
  size: number,
): GreyPicture {
  const { width, height, lightness } = flat;
  const margin = Math.round(0.6 * size);
  const own = new Set(group.map(({ number }) => number));
  const touched = new Set<number>();
  for (const { path, thickness } of leaders) {
    const leaves = path.findIndex((place) => distanceTo(box, place) > 0);
    coverLine(flat, { path: path.slice(0, Math.max(0, leaves)), thickness }, 2, (at) => touched.add(at));
  }
  const isOwn = (at: number): boolean =>
    own.has(owner[at]!) || (owner[at] === 0 && [1, -1, width, -width].some((step) => own.has(owner[at + step]!)));
  const [across, down] = [widthOf(box) + 2 * margin, heightOf(box) + 2 * margin];
  const data = new Uint8Array(across * down).fill(255);
  for (let y = Math.max(1, box.top - 1); y <= Math.min(height - 2, box.bottom + 1); y++) {
    for (let x = Math.max(1, box.left - 1); x <= Math.min(width - 2, box.right + 1); x++) {
      const at = y * width + x;
      if (isOwn(at) || touched.has(at)) data[(y - box.top + margin) * across + x - box.left + margin] = lightness[at]!;
    }
  }
  return { width: across, height: down, data };
}

function around(boxes: readonly Box[]): Box {
  return {
    left: Math.min(...boxes.map(({ left }) => left)),
    top: Math.min(...boxes.map(({ top }) => top)),
    right: Math.max(...boxes.map(({ right }) => right)),
    bottom: Math.max(...boxes.map(({ bottom }) => bottom)),
  };
}

function widthOf({ left, right }: Box): number {
  return right - left + 1;
}

function heightOf({ top, bottom }: Box): number {
  return bottom - top + 1;
}
