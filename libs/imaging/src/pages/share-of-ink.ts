/** A picture in grey: one byte a pixel, row by row, 0 is black. */
export interface GreyPicture {
  readonly pixels: Uint8Array;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Share of each side that is left out: there lie shadows of the scanner, and holes. */
const margin = 0.04;
/** Half the side of the square whose mean is the paper around a pixel, in pixels. */
const around = 24;
/** How much darker than the paper around it ink is, of 255. */
const darker = 24;

/**
 * Share of a page that has ink: of the pixels within its margins, those that are clearly darker than the paper around them, so that
 * shade does not count (an adaptive threshold against the mean of a square, by an integral image: Bradley & Roth 2007).
 */
export function shareOfInk({ pixels, width, height }: GreyPicture): number {
  const sums = integralOf({ pixels, width, height });
  const [left, top] = [Math.floor(width * margin), Math.floor(height * margin)];
  const [right, bottom] = [width - left, height - top];
  let ink = 0;
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      const [x0, y0] = [Math.max(left, x - around), Math.max(top, y - around)];
      const [x1, y1] = [Math.min(right, x + around + 1), Math.min(bottom, y + around + 1)];
      const at = (column: number, row: number): number => sums[row * (width + 1) + column]!;
      const mean = (at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)) / ((x1 - x0) * (y1 - y0));
      if (pixels[y * width + x]! < mean - darker) ink++;
    }
  }
  const all = (right - left) * (bottom - top);
  return all > 0 ? ink / all : 0;
}

/** Sums of all pixels above and to the left, with a row and a column of zeros before them. */
function integralOf({ pixels, width, height }: GreyPicture): Float64Array {
  const sums = new Float64Array((width + 1) * (height + 1));
  for (let y = 0; y < height; y++) {
    let row = 0;
    for (let x = 0; x < width; x++) {
      row += pixels[y * width + x]!;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1]! + row;
    }
  }
  return sums;
}
