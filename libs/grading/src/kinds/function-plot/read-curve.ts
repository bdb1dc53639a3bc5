import type { Drawing } from '../../ink/ink.js';
import type { Axes } from './function-plot.js';

/** How many places of the x-axis are looked at. */
export const curveSamples = 100;

/** Lines this near to each other at one x are one line that was drawn over, as a share of the y-axis. */
const sameLine = 0.04;

/**
 * What was drawn, as a function: both axes run from 0 to 1, y upwards. `y[i]` is its value at `x = i / (n − 1)`, NaN where nothing was drawn,
 * smoothed over three places. Where it has two values (`isDouble`), the one that was drawn longest there counts.
 */
export interface Curve {
  readonly y: Float64Array;
  readonly isDouble: Uint8Array;
}

/** Pixels and values to axes of length 1, and back. */
export class AxisFrame {
  constructor(private readonly axes: Axes) {}

  fromPixels([x, y]: readonly [number, number]): [number, number] {
    return [along(this.axes.x.pixels, x), along(this.axes.y.pixels, y)];
  }
  toPixels([x, y]: readonly [number, number]): [number, number] {
    return [at(this.axes.x.pixels, x), at(this.axes.y.pixels, y)];
  }
  fromValues([x, y]: readonly [number, number]): [number, number] {
    return [this.xOf(x), this.yOf(y)];
  }
  xOf(value: number): number {
    return along(this.axes.x.values, value);
  }
  yOf(value: number): number {
    return along(this.axes.y.values, value);
  }
  /** The value of a place of the x-axis. */
  xValue(share: number): number {
    return at(this.axes.x.values, share);
  }
  yValue(share: number): number {
    return at(this.axes.y.values, share);
  }
}

/** Reads a drawing as a function: at each place of the x-axis, where its strokes cross. In what order they were drawn means nothing. */
export function readCurve(drawing: Drawing, frame: AxisFrame): Curve {
  const crossings: number[][] = Array.from({ length: curveSamples }, () => []);
  const step = 1 / (curveSamples - 1);
  for (const stroke of drawing) {
    const places = stroke.map((place) => frame.fromPixels(place));
    if (places.length === 1) note(crossings, places[0]!, step);
    for (let i = 1; i < places.length; i++) {
      const [[x0, y0], [x1, y1]] = [places[i - 1]!, places[i]!];
      const [low, high] = [Math.min(x0, x1), Math.max(x0, x1)];
      for (
        let index = Math.max(0, Math.ceil(low / step - 1e-9));
        index < curveSamples && index * step <= high + 1e-9;
        index++
      ) {
        const share = x1 === x0 ? 0.5 : (index * step - x0) / (x1 - x0);
        crossings[index]!.push(y0 + share * (y1 - y0));
      }
      // a stroke that ends between two places still is there
      if (i === 1) note(crossings, places[0]!, step);
      if (i === places.length - 1) note(crossings, places[i]!, step);
    }
  }
  const isDouble = new Uint8Array(curveSamples);
  const y = Float64Array.from(crossings, (values, index) => {
    if (values.length === 0) return NaN;
    const lines = linesOf(values.toSorted((a, b) => a - b));
    isDouble[index] = lines.length > 1 ? 1 : 0;
    const longest = lines.reduce((most, line) => (line.length > most.length ? line : most));
    return longest[Math.floor((longest.length - 1) / 2)]!;
  });
  return { y: smoothed(y), isDouble };
}

/** Notes a place of its own where it lies within half a step of one that is looked at and nothing crosses there. */
function note(crossings: number[][], [x, y]: readonly [number, number], step: number): void {
  const index = Math.round(x / step);
  const values = crossings[index];
  if (values !== undefined && values.length === 0 && Math.abs(index * step - x) <= step / 2) values.push(y);
}

function linesOf(values: readonly number[]): number[][] {
  const lines: number[][] = [];
  for (const value of values) {
    const line = lines.at(-1);
    if (line !== undefined && value - line.at(-1)! <= sameLine) line.push(value);
    else lines.push([value]);
  }
  return lines;
}

/** Median of three: takes single outliers, leaves corners and ends. */
function smoothed(y: Float64Array): Float64Array {
  return y.map((value, index) => {
    const [before, after] = [y[index - 1], y[index + 1]];
    if (before === undefined || after === undefined || Number.isNaN(before + value + after)) return value;
    return Math.max(Math.min(before, value), Math.min(Math.max(before, value), after));
  });
}

function along([from, to]: readonly [number, number], value: number): number {
  return (value - from) / (to - from);
}

function at([from, to]: readonly [number, number], share: number): number {
  return from + share * (to - from);
}
