import { setImmediate as nextTurn } from 'node:timers/promises';

/** Colours of red, green and blue from 0 to 255, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** A part of a picture, in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

const channels = 3;
/** Weights are whole numbers of 2⁻²²: the sum of 255 times each still fits into 32 bits. */
const weightBits = 22;
const half = 1 << (weightBits - 1);
/** Multiplications after which others get their turn: some 3 ms. */
const slice = 2_000_000;

/**
 * Resizes a part of a picture with the triangle filter, widened where it shrinks: first along the rows, then along the
 * columns, each rounded to whole levels. To the last bit it is `Image.resize(…, BILINEAR, box)` of Pillow, by which
 * models are trained (https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c); what libvips has
 * under this name differs by up to 60 levels, because it shrinks by whole numbers first and places pixels otherwise.
 */
export async function resample(source: Pixels, box: Box, width: number, height: number): Promise<Pixels> {
  const rest = new Breaks();
  const across = weightsOf(box.width, width);
  const rows = new Uint8Array(width * box.height * channels);
  for (let y = 0; y < box.height; y++) {
    await rest.after(across.reach * width * channels);
    const start = ((box.top + y) * source.width + box.left) * channels;
    const row = source.data.subarray(start, start + box.width * channels);
    weighRow(row, across, rows.subarray(y * width * channels, (y + 1) * width * channels));
  }
  const down = weightsOf(box.height, height);
  const stride = width * channels;
  const data = new Uint8Array(stride * height);
  const sums = new Int32Array(stride);
  for (let y = 0; y < height; y++) {
    await rest.after(down.reach * stride);
    sums.fill(half);
    for (let tap = 0; tap < down.counts[y]!; tap++) {
      const weight = down.weights[y * down.reach + tap]!;
      const start = (down.starts[y]! + tap) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += rows[start + x]! * weight;
    }
    for (let x = 0; x < stride; x++) data[y * stride + x] = sums[x]! >> weightBits;
  }
  return { width, height, data };
}

function weighRow(row: Uint8Array, { reach, starts, counts, weights }: Weights, into: Uint8Array): void {
  for (let x = 0; x < starts.length; x++) {
    let [red, green, blue] = [half, half, half];
    const count = counts[x]!;
    for (let tap = 0; tap < count; tap++) {
      const weight = weights[x * reach + tap]!;
      const at = (starts[x]! + tap) * channels;
      red += row[at]! * weight;
      green += row[at + 1]! * weight;
      blue += row[at + 2]! * weight;
    }
    into[x * channels] = red >> weightBits;
    into[x * channels + 1] = green >> weightBits;
    into[x * channels + 2] = blue >> weightBits;
  }
}

/** For each pixel of the output the pixels of the input that it is made of, and their weights. */
interface Weights {
  /** Room for the weights of one pixel. */
  readonly reach: number;
  readonly starts: Int32Array;
  readonly counts: Int32Array;
  readonly weights: Int32Array;
}

function weightsOf(from: number, to: number): Weights {
  const scale = from / to;
  const widened = Math.max(scale, 1);
  const reach = Math.ceil(widened) * 2 + 1;
  const [starts, counts] = [new Int32Array(to), new Int32Array(to)];
  const weights = new Int32Array(to * reach);
  for (let at = 0; at < to; at++) {
    const centre = (at + 0.5) * scale;
    const start = Math.max(0, Math.trunc(centre - widened + 0.5));
    const count = Math.min(from, Math.trunc(centre + widened + 0.5)) - start;
    const triangle = Array.from({ length: count }, (_, tap) =>
      Math.max(0, 1 - Math.abs((tap + start - centre + 0.5) * (1 / widened))),
    );
    const sum = triangle.reduce((total, weight) => total + weight, 0);
    starts[at] = start;
    counts[at] = count;
    triangle.forEach((weight, tap) => (weights[at * reach + tap] = Math.trunc(0.5 + (weight / sum) * 2 ** weightBits)));
  }
  return { reach, starts, counts, weights };
}

/** Lets others have their turn now and then. */
class Breaks {
  private done = 0;

  /** @param multiplications what comes next */
  async after(multiplications: number): Promise<void> {
    this.done += multiplications;
    if (this.done < slice) return;
    this.done = 0;
    await nextTurn();
  }
}
