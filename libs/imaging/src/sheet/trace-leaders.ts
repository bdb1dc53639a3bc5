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
    const line = { path, thickness: thicknessOf(flat, path, weakest) };
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
        if (Math.hypot(u - x, v - y) <= reach) visit(v * width + u);
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
      if (at === null || lightness[at]! >= weakest) continue;
      const dark = weakest - lightness[at]!;
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
    path.push([x, y]);
    broken = [0, 0, 0];
    if (path.length > 12 * scale) {
      const back = path[Math.max(0, path.length - 1 - Math.round(aim * scale))]!;
      const length = Math.hypot(x - back[0], y - back[1]);
      if (length > 0) [dx, dy] = [(x - back[0]) / length, (y - back[1]) / length];
    }
  }
  return path;
}

function indexOf({ width, height }: Flat, x: number, y: number): number | null {
  const [u, v] = [Math.round(x), Math.round(y)];
  return u < 0 || v < 0 || u >= width || v >= height ? null : v * width + u;
}

/** The median of how wide the ink is across the path. */
function thicknessOf(flat: Flat, path: readonly Place2[], weakest: number): number {
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
  return widths[Math.floor(widths.length / 2)] ?? 3;
}
