// What is on a photo that is not on its template: the ink of the learner.
import { withMats } from '../photo/load-open-cv.js';
import type { Keep, Mat, OpenCv } from '../photo/open-cv.js';
import type { Homography } from '../photo/messages.js';
import { applied, composed, inverse, moved, scaled } from './homography.js';

/** The photo as a scanner would have seen it, with the sheet around the template as far as it is to be seen. */
export interface Flat {
  readonly width: number;
  readonly height: number;
  /** Pixels of it for a pixel of the template. */
  readonly scale: number;
  /** Pixels of the template. */
  readonly template: { readonly width: number; readonly height: number };
  /** From its pixels to those of the template, and to those of the photo. */
  readonly toTemplate: Homography;
  readonly toPhoto: Homography;
  /** How light a pixel is beside what the template would be there: 255 as light, or lighter; 0 black. */
  readonly lightness: Uint8Array;
  /** What of the ink the template may hide: {@link veils}. */
  readonly veil: Uint8Array;
}

/** How dark the template is: nothing hides ink, what is printed breaks it up, or ink is not to be told from it. */
export const veils = { none: 0, printed: 1, hidden: 2 } as const;

/** Pixels of a straightened photo, at most, and how far around the template it goes, in sizes of the template. */
const most = { pixels: 4_200_000, around: 0.6 } as const;
/** How coarse the light is looked at, in pixels. */
const cell = 32;
/** Levels of grey that are told apart where the tones of a print are fitted. */
const tones = 32;
/** Pixels of the template by which it may be off. */
const slack = 1.6;
/** What is darker than this share of the paper, or of its surroundings, is no paper any more. */
const paper = { ofSheet: 0.45, ofNeighbour: 0.72 } as const;
/** A template darker than these shares of white breaks ink up, and hides it. */
const darker = { printed: 0.85, hidden: 0.35 } as const;

/**
 * Straightens a photo and takes the template away: each pixel is divided by what the template would look like there. That is
 * light × tone: the light is a median by cells, the tone that of each grey of the template, each fitted to the other in turn.
 * Of the template, the darkest pixel nearby counts, so that edges which are a little off are no ink.
 */
export function findInk(cv: OpenCv, photo: Mat, template: Mat, toPhoto: Homography): Flat {
  return withMats((keep) => {
    const frame = frameOf(photo, template, toPhoto);
    const size = new cv.Size(frame.width, frame.height);
    const seen = warped(cv, photo, inverse(frame.toPhoto), size, 0, keep);
    const printed = warped(cv, template, inverse(frame.toTemplate), size, 255, keep);
    const side = 2 * Math.max(1, Math.round(slack * frame.scale)) + 1;
    const darkest = keep(new cv.Mat());
    cv.erode(printed, darkest, keep(cv.getStructuringElement(cv.MORPH_ELLIPSE, new cv.Size(side, side))));
    const { light, tone } = fitPrint(frame, seen.data, printed.data);
    const { width, height } = frame;
    const [lightness, veil] = [new Uint8Array(width * height).fill(255), new Uint8Array(width * height)];
    const [looks, prints] = [seen.data, darkest.data];
    const first = new Uint16Array(width);
    const share = new Float32Array(width);
    for (let x = 0; x < width; x++) [first[x], , share[x]] = between(x, light.columns);
    const reflected = tone.map((each) => 255 / each);
    for (let y = 0; y < height; y++) {
      const [above, below, v] = between(y, light.rows);
      const row = Array.from({ length: light.columns }, (_, column) => {
        return (1 - v) * light.at(above, column) + v * light.at(below, column);
      });
      for (let x = 0; x < width; x++) {
        const left = first[x]!;
        const lit = row[left]! + share[x]! * ((row[left + 1] ?? row[left]!) - row[left]!);
        const at = y * width + x;
        // Beside the sheet, and beside the photo, there is nothing to be read.
        if (lit === 0 || looks[at] === 0) continue;
        const grey = toneOf(prints[at]!);
        lightness[at] = Math.min(255, (looks[at]! * reflected[grey]!) / lit + 0.5);
        if (tone[grey]! < darker.printed) veil[at] = tone[grey]! < darker.hidden ? veils.hidden : veils.printed;
      }
    }
    return { ...frame, lightness, veil };
  });
}

type Frame = Omit<Flat, 'lightness' | 'veil'>;

/** The part of the sheet that is on the photo, and as many pixels as the photo has there. */
function frameOf(photo: Mat, template: Mat, toPhoto: Homography): Frame {
  const back = inverse(toPhoto);
  const corners = (
    [
      [0, 0],
      [photo.cols, 0],
      [photo.cols, photo.rows],
      [0, photo.rows],
    ] as const
  ).map((corner) => applied(back, corner));
  const range = (axis: 0 | 1, side: number): [number, number] => {
    const along = corners.map((corner) => corner[axis]);
    const [low, high] = [-most.around * side, (1 + most.around) * side];
    // A corner beyond the horizon of the sheet comes out on its other side: then all of it may be in view.
    const [from, to] = [Math.min(...along), Math.max(...along)];
    return from > 0 || to < side ? [low, high] : [Math.max(low, from), Math.min(high, to)];
  };
  const [left, right] = range(0, template.cols);
  const [top, bottom] = range(1, template.rows);
  const [a, b] = [applied(toPhoto, [0, 0]), applied(toPhoto, [template.cols, template.rows])];
  const asPhoto = Math.hypot(b[0] - a[0], b[1] - a[1]) / Math.hypot(template.cols, template.rows);
  const scale = Math.min(asPhoto, Math.sqrt(most.pixels / ((right - left) * (bottom - top))));
  const toTemplate = composed(moved(left, top), scaled(1 / scale));
  const [width, height] = [
    Math.max(1, Math.round((right - left) * scale)),
    Math.max(1, Math.round((bottom - top) * scale)),
  ];
  const size = { width: template.cols, height: template.rows };
  return { width, height, scale, template: size, toTemplate, toPhoto: composed(toPhoto, toTemplate) };
}

function warped(
  cv: OpenCv,
  from: Mat,
  by: Homography,
  size: InstanceType<OpenCv['Size']>,
  ground: number,
  keep: Keep,
): Mat {
  const to = keep(new cv.Mat());
  const transform = keep(cv.matFromArray(3, 3, cv.CV_64FC1, by));
  cv.warpPerspective(from, to, transform, size, cv.INTER_LINEAR, cv.BORDER_CONSTANT, [ground, ground, ground, ground]);
  return to;
}

/** The light of each cell, 0 beside the sheet. */
interface Light {
  readonly columns: number;
  readonly rows: number;
  at(row: number, column: number): number;
}

/** Fits the light of cells and the tones of the print to one another. */
function fitPrint(
  frame: Frame,
  seen: Uint8Array,
  printed: Uint8Array,
): { readonly light: Light; readonly tone: Float64Array } {
  const { width, height } = frame;
  const [columns, rows] = [Math.ceil(width / cell), Math.ceil(height / cell)];
  const tone = Float64Array.from({ length: tones }, (_, grey) => (grey + 0.5) / tones);
  let light: Float64Array = new Float64Array(columns * rows);
  for (let round = 0; round < 3; round++) {
    const byCell: number[][] = Array.from({ length: columns * rows }, () => []);
    forSamples(frame, (at, x, y) => {
      if (seen[at] === 0) return;
      byCell[Math.floor(y / cell) * columns + Math.floor(x / cell)]!.push(seen[at]! / tone[toneOf(printed[at]!)]!);
    });
    light = smoothed(onSheet(byCell.map(median), frame, columns, rows), columns, rows);
    const byTone: number[][] = Array.from({ length: tones }, () => []);
    forSamples(frame, (at, x, y) => {
      const lit = light[Math.floor(y / cell) * columns + Math.floor(x / cell)]!;
      if (lit > 0 && seen[at]! > 0) byTone[toneOf(printed[at]!)]!.push(seen[at]! / lit);
    });
    byTone.forEach((values, grey) => {
      if (values.length >= 30) tone[grey] = Math.min(1.2, Math.max(0.05, median(values)));
    });
  }
  return { light: { columns, rows, at: (row, column) => light[row * columns + column]! }, tone };
}

/** Every sixth pixel of every sixth row. */
function forSamples({ width, height }: Frame, visit: (at: number, x: number, y: number) => void): void {
  for (let y = 3; y < height; y += 6) for (let x = 3; x < width; x += 6) visit(y * width + x, x, y);
}

/** The tone that a level of grey is counted with. */
function toneOf(grey: number): number {
  return (grey * tones) >> 8;
}

function median(values: readonly number[]): number {
  return values.length < 8 ? 0 : Float64Array.from(values).sort()[Math.floor(values.length / 2)]!;
}

/** Only the cells that hang together with the template, without a step down in light: the sheet, not the desk. */
function onSheet(
  light: readonly number[],
  { toTemplate, width, height }: Frame,
  columns: number,
  rows: number,
): Float64Array {
  const back = inverse(toTemplate);
  const [left, top] = applied(back, [0, 0]);
  const inside = (column: number, row: number): boolean => {
    const [x, y] = [(column + 0.5) * cell, (row + 0.5) * cell];
    return x >= left && y >= top && x <= width - Math.max(0, left) && y <= height - Math.max(0, top);
  };
  const within = light.filter((value, at) => value > 0 && inside(at % columns, Math.floor(at / columns)));
  const usual = median([...within]);
  const kept = new Float64Array(columns * rows);
  const open: number[] = [];
  light.forEach((value, at) => {
    if (value > 0 && inside(at % columns, Math.floor(at / columns))) {
      kept[at] = value;
      open.push(at);
    }
  });
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const [column, row] = [at % columns, Math.floor(at / columns)];
    for (const [dx, dy] of [
      [1, 0],
      [-1, 0],
      [0, 1],
      [0, -1],
    ] as const) {
      const [x, y] = [column + dx, row + dy];
      if (x < 0 || y < 0 || x >= columns || y >= rows) continue;
      const next = y * columns + x;
      const value = light[next]!;
      if (kept[next]! > 0 || value < paper.ofSheet * usual || value < paper.ofNeighbour * kept[at]!) continue;
      kept[next] = value;
      open.push(next);
    }
  }
  return kept;
}

/** The median of the cells around each. */
function smoothed(light: Float64Array, columns: number, rows: number): Float64Array {
  return light.map((value, at) => {
    if (value === 0) return 0;
    const [column, row] = [at % columns, Math.floor(at / columns)];
    const around = [];
    for (let y = Math.max(0, row - 1); y <= Math.min(rows - 1, row + 1); y++) {
      for (let x = Math.max(0, column - 1); x <= Math.min(columns - 1, column + 1); x++) {
        const other = light[y * columns + x]!;
        if (other > 0) around.push(other);
      }
    }
    around.sort((one, other) => one - other);
    return around[Math.floor(around.length / 2)]!;
  });
}

/** The cells whose middles a pixel lies between, and how far it is to the second one. */
function between(pixel: number, cells: number): [number, number, number] {
  const along = pixel / cell - 0.5;
  const first = Math.min(cells - 1, Math.max(0, Math.floor(along)));
  const second = Math.min(cells - 1, first + 1);
  return [first, second, Math.min(1, Math.max(0, along - first))];
}
