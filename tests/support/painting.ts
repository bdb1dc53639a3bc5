import sharp from 'sharp';

export type Colour = readonly [number, number, number];

/** A shape: whether a place is inside it, and a rectangle that holds it. */
export interface Shape {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  holds(x: number, y: number): boolean;
}

export function disc(cx: number, cy: number, radius: number): Shape {
  const holds = (x: number, y: number): boolean => Math.hypot(x - cx, y - cy) < radius;
  return { left: cx - radius, top: cy - radius, right: cx + radius, bottom: cy + radius, holds };
}

export function box(left: number, top: number, width: number, height: number): Shape {
  const [right, bottom] = [left + width, top + height];
  const holds = (x: number, y: number): boolean => x >= left && x < right && y >= top && y < bottom;
  return { left, top, right, bottom, holds };
}

/** A line with round ends. */
export function line(ax: number, ay: number, bx: number, by: number, thickness: number): Shape {
  const [dx, dy] = [bx - ax, by - ay];
  const half = thickness / 2;
  const holds = (x: number, y: number): boolean => {
    const along = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
    return Math.hypot(x - ax - along * dx, y - ay - along * dy) < half;
  };
  return {
    left: Math.min(ax, bx) - half,
    top: Math.min(ay, by) - half,
    right: Math.max(ax, bx) + half,
    bottom: Math.max(ay, by) + half,
    holds,
  };
}

/** The four corner markers of a sheet, each of a side, with their outer corners in the corners of a box. */
export function cornerMarkers(left: number, top: number, width: number, height: number, side: number): Shape {
  // The white cells of the ArUco markers 0 to 3 of the dictionary 4×4_50.
  const white = ['1011 0101 0011 0010', '0000 1111 1001 1010', '0011 0011 0010 1101', '1001 1001 0100 0110'];
  const places = [
    [left, top],
    [left + width - side, top],
    [left + width - side, top + height - side],
    [left, top + height - side],
  ] as const;
  const holds = (x: number, y: number): boolean =>
    places.some(([mx, my], number) => {
      const [column, row] = [Math.floor((6 * (x - mx)) / side), Math.floor((6 * (y - my)) / side)];
      if (column < 0 || row < 0 || column > 5 || row > 5) return false;
      const isEdge = column === 0 || row === 0 || column === 5 || row === 5;
      return isEdge || white[number]!.split(' ')[row - 1]![column - 1] === '0';
    });
  return { left, top, right: left + width, bottom: top + height, holds };
}

/** Paints shapes over one another, with smooth edges; and does to the picture what cameras do. */
export class Painting {
  readonly data: Float32Array;

  constructor(
    readonly width: number,
    readonly height: number,
    ground: Colour,
  ) {
    this.data = Float32Array.from({ length: width * height * 3 }, (_, at) => ground[at % 3]!);
  }

  /** Each pixel is looked at in 4 × 4 places. */
  add(shape: Shape, colour: Colour): this {
    const [right, bottom] = [Math.min(this.width, shape.right), Math.min(this.height, shape.bottom)];
    for (let y = Math.max(0, Math.floor(shape.top)); y < bottom; y++) {
      for (let x = Math.max(0, Math.floor(shape.left)); x < right; x++) {
        let covered = 0;
        for (let place = 0; place < 16; place++) {
          if (shape.holds(x + ((place % 4) + 0.5) / 4, y + (Math.floor(place / 4) + 0.5) / 4)) covered++;
        }
        for (let channel = 0; covered > 0 && channel < 3; channel++) {
          const at = 3 * (y * this.width + x) + channel;
          this.data[at]! += (covered / 16) * (colour[channel]! - this.data[at]!);
        }
      }
    }
    return this;
  }

  /** Multiplies the light: `by` gets the place in shares of the picture. */
  shade(by: (x: number, y: number) => number): this {
    this.data.forEach((value, at) => {
      const pixel = Math.floor(at / 3);
      this.data[at] = value * by((pixel % this.width) / this.width, Math.floor(pixel / this.width) / this.height);
    });
    return this;
  }

  /** Adds Gaussian noise; the same seed gives the same. */
  noise(deviation: number, seed: number): this {
    let state = seed;
    const random = (): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
    this.data.forEach((value, at) => {
      const normal = Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());
      this.data[at] = value + deviation * normal;
    });
    return this;
  }

  async png({ blur = 0 } = {}): Promise<Uint8Array> {
    const bytes = Uint8Array.from(this.data, (value) => Math.min(255, Math.max(0, Math.round(value))));
    const picture = sharp(bytes, { raw: { width: this.width, height: this.height, channels: 3 } });
    return new Uint8Array(await (blur > 0 ? picture.blur(blur) : picture).png().toBuffer());
  }
}
