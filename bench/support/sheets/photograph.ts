import sharp from 'sharp';
import type { Rng } from '#libs/kernel';
import type { Raster } from './raster.js';
import type { Spot } from './stroke-alphabet.js';
import { normal } from './write-words.js';

/** Where places of the sheet are on its photo. */
export type Way = (spot: Spot) => Spot;

export interface TakenPhoto {
  readonly jpeg: Uint8Array;
  readonly toPhoto: Way;
}

/** How hard the camera makes it: 1 is a usual photo by hand, 0 one that is flat, sharp and evenly lit. */
export interface Camera {
  readonly hardness: number;
  /** Standard deviation of more blur, in pixels. */
  readonly blur?: number;
  /** What is left of the light. */
  readonly light?: number;
}

const long = 2_048;
const short = 1_536;

/** Takes a photo of a sheet that lies on a desk: askew, unevenly lit, a little blurred, with noise, as JPEG. */
export async function photograph(
  sheet: Raster,
  { hardness, blur = 0, light = 1 }: Camera,
  rng: Rng,
): Promise<TakenPhoto> {
  const quarter = rng() < 0.25 * hardness ? Math.floor(4 * rng()) : 0;
  const [width, height] = quarter % 2 === 0 ? [long, short] : [short, long];
  const toPhoto = askew(sheet, { width, height, quarter, hardness }, rng);
  const toSheet = between(
    (
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as const
    ).map(([x, y]) => toPhoto([x * sheet.width, y * sheet.height])),
    (
      [
        [0, 0],
        [1, 0],
        [1, 1],
        [0, 1],
      ] as const
    ).map(([x, y]) => [x * sheet.width, y * sheet.height]),
  );
  const lamp = lampOf(hardness, light, rng);
  const cast = [0, 1, 2].map(() => 1 + 0.05 * hardness * normal(rng));
  const gamma = 1 + 0.12 * hardness * normal(rng);
  const desk = [70 + 60 * rng(), 60 + 50 * rng(), 50 + 50 * rng()];
  const noise = 1 + 3 * hardness * rng();
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [sx, sy] = toSheet([x + 0.5, y + 0.5]);
      const lit = lamp(x / width, y / height);
      const grain = noise * (rng() + rng() + rng() - 1.5) * 2;
      const at = 3 * (y * width + x);
      for (let channel = 0; channel < 3; channel++) {
        const seen = colourAt(sheet, sx - 0.5, sy - 0.5, channel) ?? desk[channel]!;
        const tone = 255 * Math.min(1, ((seen / 255) * lit * cast[channel]!) ** gamma);
        data[at + channel] = Math.max(0, Math.min(255, Math.round(tone + grain)));
      }
    }
  }
  const softness = 0.5 + 0.9 * hardness * rng() + blur;
  const picture = sharp(data, { raw: { width, height, channels: 3 } }).blur(softness);
  const quality = Math.round(92 - 22 * hardness * rng());
  return { jpeg: new Uint8Array(await picture.jpeg({ quality }).toBuffer()), toPhoto };
}

/** The sheet as a camera sees it that is held a little aslant. */
function askew(
  sheet: Raster,
  { width, height, quarter, hardness }: { width: number; height: number; quarter: number; hardness: number },
  rng: Rng,
): Way {
  const upright = quarter % 2 === 0;
  const share = 0.96 - 0.12 * rng();
  const [across, down] = upright ? [sheet.width, sheet.height] : [sheet.height, sheet.width];
  const scale = share * Math.min(width / across, height / down);
  const turn = (quarter * Math.PI) / 2 + hardness * 0.05 * normal(rng);
  const [sin, cos] = [Math.sin(turn), Math.cos(turn)];
  const corners = (
    [
      [-1, -1],
      [1, -1],
      [1, 1],
      [-1, 1],
    ] as const
  ).map(([x, y]): Spot => {
    const [u, v] = [(x * sheet.width * scale) / 2, (y * sheet.height * scale) / 2];
    const slip = 0.022 * hardness * sheet.width * scale;
    return [width / 2 + cos * u - sin * v + slip * normal(rng), height / 2 + sin * u + cos * v + slip * normal(rng)];
  });
  const flat = (
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ] as const
  ).map(([x, y]): Spot => [x * sheet.width, y * sheet.height]);
  return between(flat, corners);
}

/** Light that falls off to one side and to the corners, with the soft edge of a shadow now and then. */
function lampOf(hardness: number, light: number, rng: Rng): (x: number, y: number) => number {
  const [dx, dy] = [0.3 * hardness * (rng() - 0.5), 0.3 * hardness * (rng() - 0.5)];
  const vignette = 0.15 * hardness * rng();
  const brightness = light * (0.95 - 0.2 * hardness * rng());
  const [angle, place, depth] = [2 * Math.PI * rng(), 0.3 + 0.4 * rng(), rng() < 0.3 * hardness ? 0.25 * rng() : 0];
  return (x, y) => {
    const across = Math.cos(angle) * (x - 0.5) + Math.sin(angle) * (y - 0.5) + 0.5 - place;
    const shadow = 1 - depth / (1 + Math.exp(-across / 0.02));
    return (
      brightness *
      shadow *
      (1 + dx * (x - 0.5) * 2 + dy * (y - 0.5) * 2) *
      (1 - vignette * 4 * ((x - 0.5) ** 2 + (y - 0.5) ** 2))
    );
  };
}

/** Null beside the sheet. */
function colourAt({ width, height, data }: Raster, x: number, y: number, channel: number): number | null {
  if (!(x >= 0 && y >= 0 && x < width - 1 && y < height - 1)) return null;
  const [left, top] = [Math.floor(x), Math.floor(y)];
  const [u, v] = [x - left, y - top];
  const at = 3 * (top * width + left) + channel;
  const below = at + 3 * width;
  return (1 - v) * ((1 - u) * data[at]! + u * data[at + 3]!) + v * ((1 - u) * data[below]! + u * data[below + 3]!);
}

/** The projective map that takes four places to four others: eight equations with eight unknowns, by elimination. */
export function between(from: readonly Spot[], to: readonly Spot[]): Way {
  const rows = from.flatMap(([x, y], corner) => {
    const [u, v] = to[corner]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y, u],
      [0, 0, 0, x, y, 1, -v * x, -v * y, v],
    ];
  });
  for (let column = 0; column < 8; column++) {
    let pivot = column;
    for (let row = column; row < 8; row++) {
      if (Math.abs(rows[row]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = row;
    }
    [rows[column], rows[pivot]] = [rows[pivot]!, rows[column]!];
    for (let row = 0; row < 8; row++) {
      if (row === column) continue;
      const factor = rows[row]![column]! / rows[column]![column]!;
      for (let at = column; at < 9; at++) rows[row]![at]! -= factor * rows[column]![at]!;
    }
  }
  const [a, b, c, d, e, f, g, h] = rows.map((row, at) => row[8]! / row[at]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return ([x, y]) => {
    const weight = g * x + h * y + 1;
    return [(a * x + b * y + c) / weight, (d * x + e * y + f) / weight];
  };
}
