// Lines that are drawn on a sheet, such as those from labels to what they name.
import { withMats } from '../photo/load-open-cv.js';
import type { OpenCv } from '../photo/open-cv.js';
import { veils, type Flat } from './find-ink.js';
import type { Place2 } from './homography.js';

/** A line that somebody has drawn, from one end to the other; in pixels of the straightened sheet. */
export interface DrawnLine {
  readonly path: readonly Place2[];
  readonly thickness: number;
}

/** In heights of a letter: how long a straight piece of a line is at least, and a line. */
const least = { piece: 2.2, line: 2.4 } as const;
/** In pixels of the template: how far a line may be broken on plain paper, by what is printed, and by what hides it. */
const breaks = { [veils.none]: 1.6, [veils.printed]: 7, [veils.hidden]: 26 } as const;
/** How far to the side a line may go with each pixel: what turns more is another line. */
const swerve = 0.35;
/** The share of a line that may be much wider than the rest of it, where it crosses others. */
const mostUneven = 0.12;
/** In pixels of the template: a bit of a line that may be of another one. */
const shortTail = 14;
/** How much darker ink has to be where the template nearly hides it, in levels. */
const plainer = 45;
/** Over so many pixels of the template it is told where a line leads. */
const aim = 36;

/**
 * Finds the lines of some ink. Straight pieces are found by the probabilistic Hough transform (Matas et al. 2000); from the middle of
 * each, the line is followed both ways: from pixel to pixel the middle of the ink ahead is looked for, a little to either side of the
 * way so far, so that a line may bend and cross others, may touch a letter, and may be broken where the template is as dark as it is.
 * @param candidates 255 where there may be lines
 * @param size of a letter, in pixels
 * @param weakest below this lightness a pixel is ink
 */
export function traceLeaders(
  cv: OpenCv,
  flat: Flat,
  candidates: Uint8Array,
  size: number,
  weakest: number,
): DrawnLine[] {
  const lines: DrawnLine[] = [];
  const taken = new Uint8Array(candidates.length);
  for (const [ax, ay, bx, by] of straightPieces(cv, flat, candidates, size)) {
    if ([0.25, 0.5, 0.75].some((t) => taken[indexOf(flat, ax + t * (bx - ax), ay + t * (by - ay)) ?? 0] === 1))
      continue;
    const length = Math.hypot(bx - ax, by - ay);
    const middle = [(ax + bx) / 2, (ay + by) / 2] as const;
    const heading = [(bx - ax) / length, (by - ay) / length] as const;
    const onwards = follow(flat, middle, heading, weakest);
    const back = follow(flat, middle, [-heading[0], -heading[1]], weakest);
    const path = [...back.reverse(), ...onwards.slice(1)];
    const [from, to] = [path[0]!, path.at(-1)!];
    if (Math.hypot(to[0] - from[0], to[1] - from[1]) < least.line * size) continue;
    const { thickness, uneven } = breadthOf(flat, path, weakest);
    if (uneven > mostUneven) continue;
    const line = { path, thickness };
    lines.push(line);
    coverLine(flat, line, 2, (at) => (taken[at] = 1));
  }
  return lines;
}

/** Visits the pixels of a line, and some on either side of it. */
export function coverLine(
  { width, height }: Flat,
  { path, thickness }: DrawnLine,
  margin: number,
  visit: (at: number) => void,
): void {
  const reach = thickness / 2 + margin;
  for (const [x, y] of path) {
    for (let v = Math.max(0, Math.ceil(y - reach)); v <= Math.min(height - 1, y + reach); v++) {
      for (let u = Math.max(0, Math.ceil(x - reach)); u <= Math.min(width - 1, x + reach); u++) {
        if ((u - x) ** 2 + (v - y) ** 2 <= reach ** 2) visit(v * width + u);
      }
    }
  }
}

/** Where a line leads: where it ends in what hides it, that is a little further than is to be seen. */
export function endOf(flat: Flat, path: readonly Place2[]): Place2 {
  const [x, y] = path.at(-1)!;
  const back = path[Math.max(0, path.length - 1 - Math.round(16 * flat.scale))]!;
  const length = Math.hypot(x - back[0], y - back[1]) || 1;
  const [dx, dy] = [(x - back[0]) / length, (y - back[1]) / length];
  let far = 0;
  for (let step = 1; step <= 8 * flat.scale; step++) {
    const at = indexOf(flat, x + step * dx, y + step * dy);
    if (at === null || flat.veil[at] !== veils.hidden) break;
    far = step;
  }
  return [x + (far / 2) * dx, y + (far / 2) * dy];
}

/** The longest first. */
function straightPieces(
  cv: OpenCv,
  { width, height }: Flat,
  candidates: Uint8Array,
  size: number,
): (readonly [number, number, number, number])[] {
  return withMats((keep) => {
    const mask = keep(cv.matFromArray(height, width, cv.CV_8UC1, candidates));
    const found = keep(new cv.Mat());
    cv.HoughLinesP(mask, found, 1, Math.PI / 180, Math.round(1.5 * size), least.piece * size, 3);
    const pieces = Array.from({ length: found.rows }, (_, row) => {
      const [ax, ay, bx, by] = found.data32S.subarray(4 * row, 4 * row + 4);
      return [ax!, ay!, bx!, by!] as const;
    });
    const lengthOf = ([ax, ay, bx, by]: readonly [number, number, number, number]): number =>
      Math.hypot(bx - ax, by - ay);
    return pieces.sort((one, other) => lengthOf(other) - lengthOf(one));
  });
}

function follow(flat: Flat, start: Place2, [hx, hy]: Place2, weakest: number): Place2[] {
  const { width, height, lightness, veil, scale } = flat;
  const path: Place2[] = [start];
  // Where the path goes on after it was broken the last time.
  let resumed = 0;
  let [x, y] = start;
  let [dx, dy] = [hx, hy];
  let broken = [0, 0, 0];
  for (let step = 0; step < 2 * (width + height); step++) {
    const [ax, ay] = [x + dx, y + dy];
    const ahead = indexOf(flat, ax, ay);
    if (ahead === null) break;
    let [sum, weight] = [0, 0];
    for (let off = -3; off <= 3; off++) {
      const at = indexOf(flat, ax - off * dy, ay + off * dx);
      if (at === null) continue;
      const dark = weakest - (veil[at] === veils.hidden ? plainer : 0) - lightness[at]!;
      if (dark <= 0) continue;
      sum += off * dark;
      weight += dark;
    }
    if (weight === 0) {
      const kind = veil[ahead] as keyof typeof breaks;
      broken[kind]!++;
      if (broken[kind]! > breaks[kind] * scale) break;
      [x, y] = [ax, ay];
      continue;
    }
    const off = Math.max(-swerve, Math.min(swerve, sum / weight));
    [x, y] = [ax - off * dy, ay + off * dx];
    if (broken.some((pixels) => pixels > 0)) resumed = path.length;
    path.push([x, y]);
    broken = [0, 0, 0];
    if (path.length > 12 * scale) {
      const back = path[Math.max(0, path.length - 1 - Math.round(aim * scale))]!;
      const length = Math.hypot(x - back[0], y - back[1]);
      if (length > 0) [dx, dy] = [(x - back[0]) / length, (y - back[1]) / length];
    }
  }
  return isOtherLine(flat, path.slice(resumed), weakest) ? path.slice(0, resumed) : path;
}

/** Whether the last bit of a path, after it was broken, only crosses a line that somebody has drawn there: ink far to both sides. */
function isOtherLine(flat: Flat, tail: readonly Place2[], weakest: number): boolean {
  if (tail.length < 2 || tail.length > shortTail * flat.scale) return false;
  const [[ax, ay], [bx, by]] = [tail[0]!, tail.at(-1)!];
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const [nx, ny] = [-(by - ay) / length, (bx - ax) / length];
  const reaches = (side: 1 | -1): boolean =>
    tail.some(([x, y]) => {
      for (let off = 1; off <= 5 * flat.scale; off++) {
        const at = indexOf(flat, x + side * off * nx, y + side * off * ny);
        if (at === null || flat.lightness[at]! >= weakest) return false;
      }
      return true;
    });
  return reaches(1) && reaches(-1);
}

function indexOf({ width, height }: Flat, x: number, y: number): number | null {
  const [u, v] = [Math.round(x), Math.round(y)];
  return u < 0 || v < 0 || u >= width || v >= height ? null : v * width + u;
}

/** How wide the ink is across a path: the median, and the share of the path where it is much wider, as along a row of letters. */
function breadthOf(flat: Flat, path: readonly Place2[], weakest: number): { thickness: number; uneven: number } {
  const widths: number[] = [];
  for (let at = 6; at + 6 < path.length; at += 3) {
    const [[ax, ay], [x, y], [bx, by]] = [path[at - 6]!, path[at]!, path[at + 6]!];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const [nx, ny] = [-(by - ay) / length, (bx - ax) / length];
    const isInk = (off: number): boolean => {
      const pixel = indexOf(flat, x + off * nx, y + off * ny);
      return pixel !== null && flat.lightness[pixel]! < weakest;
    };
    let [before, after] = [0, 0];
    while (before < 12 && isInk(-before - 1)) before++;
    while (after < 12 && isInk(after + 1)) after++;
    widths.push(before + after + 1);
  }
  widths.sort((one, other) => one - other);
  const thickness = widths[Math.floor(widths.length / 2)] ?? 3;
  return {
    thickness,
    uneven: widths.filter((width) => width > 1.8 * thickness + 1).length / Math.max(1, widths.length),
  };
}
