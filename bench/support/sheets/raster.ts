import sharp from 'sharp';
import type { Spot } from './stroke-alphabet.js';

export type Colour = readonly [number, number, number];

/** A picture in red, green and blue from 0 to 255, row by row. */
export class Raster {
  private constructor(
    readonly width: number,
    readonly height: number,
    readonly data: Uint8Array,
  ) {}

  static filled(width: number, height: number, colour: Colour): Raster {
    const data = new Uint8Array(width * height * 3);
    for (let at = 0; at < data.length; at++) data[at] = colour[at % 3]!;
    return new Raster(width, height, data);
  }

  static async decode(bytes: Uint8Array, width: number): Promise<Raster> {
    const read = sharp(bytes).resize({ width }).flatten({ background: '#fff' }).toColourspace('srgb').removeAlpha();
    const { data, info } = await read.raw().toBuffer({ resolveWithObject: true });
    return new Raster(info.width, info.height, Uint8Array.from(data));
  }

  /** Lays another one over this one. */
  lay(other: Raster, left: number, top: number): void {
    for (let row = 0; row < other.height; row++) {
      const from = other.data.subarray(row * other.width * 3, (row + 1) * other.width * 3);
      this.data.set(from, ((top + row) * this.width + left) * 3);
    }
  }

  /** Draws a line of the pen with round ends, which lets a little of what is below through. */
  draw(spots: readonly Spot[], thickness: number, colour: Colour, opacity: number): void {
    const half = thickness / 2;
    const xs = spots.map(([x]) => x);
    const ys = spots.map(([, y]) => y);
    const left = Math.max(0, Math.floor(Math.min(...xs) - half - 1));
    const right = Math.min(this.width - 1, Math.ceil(Math.max(...xs) + half + 1));
    const top = Math.max(0, Math.floor(Math.min(...ys) - half - 1));
    const bottom = Math.min(this.height - 1, Math.ceil(Math.max(...ys) + half + 1));
    const across = right - left + 1;
    const covered = new Float32Array(Math.max(0, across * (bottom - top + 1)));
    for (let at = 0; at < spots.length; at++) {
      const [ax, ay] = spots[at]!;
      const [bx, by] = spots[Math.min(at + 1, spots.length - 1)]!;
      const [dx, dy] = [bx - ax, by - ay];
      const length = dx * dx + dy * dy;
      for (
        let y = Math.max(top, Math.floor(Math.min(ay, by) - half - 1));
        y <= Math.min(bottom, Math.max(ay, by) + half + 1);
        y++
      ) {
        for (
          let x = Math.max(left, Math.floor(Math.min(ax, bx) - half - 1));
          x <= Math.min(right, Math.max(ax, bx) + half + 1);
          x++
        ) {
          const along = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / length));
          const distance = Math.hypot(x - ax - along * dx, y - ay - along * dy);
          const index = (y - top) * across + x - left;
          covered[index] = Math.max(covered[index]!, Math.min(1, Math.max(0, half + 0.5 - distance)));
        }
      }
    }
    covered.forEach((share, index) => {
      if (share === 0) return;
      const at = 3 * ((top + Math.floor(index / across)) * this.width + left + (index % across));
      for (let channel = 0; channel < 3; channel++) {
        const below = this.data[at + channel]!;
        // Ink takes light away from what is below it.
        const inked = colour[channel]! * (0.25 + (0.75 * below) / 255);
        this.data[at + channel] = below + share * opacity * (inked - below);
      }
    });
  }
}
