import sharp from 'sharp';
import type { Rng } from '#libs/kernel';
import { boundsOf, type Stroke } from '#libs/grading';

/** How a sheet with a drawing is photographed: everything that a phone does to it. */
export interface Camera {
  /** Longer side of the photo, in pixels. */
  readonly side: number;
  /** Share of the photo that is left empty on each side of the drawing. */
  readonly margin: number;
  /** By how much the corners of the sheet move, as a share of the longer side: it was not taken from straight above. */
  readonly skew: number;
  /** Degrees. */
  readonly turn: number;
  /** Light of the paper and of the ink, 0–255. */
  readonly paper: number;
  readonly ink: number;
  /** Pixels. */
  readonly pen: number;
  /** By how much the light falls from one side to the other, as a share of it. */
  readonly shade: number;
  /** Standard deviation of the blur, in pixels; of the noise, in levels. */
  readonly blur: number;
  readonly noise: number;
  /** Pixels between the lines of squared paper; null for plain paper. */
  readonly squares: number | null;
}

/** Somebody's camera, sheet and light. */
export function someCamera(rng: Rng): Camera {
  const between = (least: number, most: number): number => least + rng() * (most - least);
  const paper = between(150, 245);
  return {
    side: Math.round(between(900, 1_200)),
    margin: between(0.03, 0.16),
    skew: between(0, 0.03),
    turn: between(-3, 3),
    paper,
    ink: paper * between(0.1, 0.5),
    pen: between(1.8, 4.5),
    shade: between(0, 0.4),
    blur: between(0.3, 1.4),
    noise: between(0, 5),
    squares: rng() < 0.4 ? between(18, 34) : null,
  };
}

/** A photo, as JPEG, and where on it a place of the drawing is. */
export interface Photograph {
  readonly picture: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly place: (place: readonly [number, number]) => [number, number];
}

/** Photographs strokes: they are moved as the camera sees them, and drawn on paper in its light. The same `rng` gives the same photo. */
export async function photograph(strokes: readonly Stroke[], camera: Camera, rng: Rng): Promise<Photograph> {
  const places = strokes.flat();
  const { left, top, right, bottom } = boundsOf(places);
  const [across, down] = [Math.max(1, right - left), Math.max(1, bottom - top)];
  const scale = (camera.side * (1 - 2 * camera.margin)) / Math.max(across, down);
  const edge = camera.side * camera.margin;
  const [width, height] = [across, down].map((side) => Math.round(side * scale + 2 * edge)) as [number, number];
  const seen = homography(width, height, camera, rng);
  const place = ([x, y]: readonly [number, number]): [number, number] =>
    seen([(x - left) * scale + edge, (y - top) * scale + edge]);
  const light = paperOf(width, height, camera, rng);
  const ink = new Float32Array(width * height);
  if (camera.squares !== null) drawSquares(ink, { width, height, spacing: camera.squares, seen });
  for (const stroke of strokes) drawLine(ink, width, height, stroke.map(place), camera.pen / 2, 1);
  const shade = camera.ink / camera.paper;
  const pixels = new Uint8Array(width * height);
  for (let at = 0; at < pixels.length; at++) {
    const value = light[at]! * (1 - ink[at]! * (1 - shade)) + camera.noise * gaussian(rng);
    pixels[at] = Math.max(0, Math.min(255, Math.round(value)));
  }
  const raw = sharp(pixels, { raw: { width, height, channels: 1 } });
  const blurred = camera.blur >= 0.3 ? raw.blur(camera.blur) : raw;
  const picture = await blurred.toColourspace('srgb').jpeg({ quality: 88 }).toBuffer();
  return { picture: Uint8Array.from(picture), width, height, place };
}

/** Paper in a light that falls to one side, row by row. */
function paperOf(width: number, height: number, { paper, shade }: Camera, rng: Rng): Float32Array {
  const angle = rng() * 2 * Math.PI;
  const [a, b] = [Math.cos(angle) / width, Math.sin(angle) / height];
  const light = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      light[y * width + x] = paper * (1 - shade * (0.5 + (a * (x - width / 2) + b * (y - height / 2)) * 0.7));
    }
  }
  return light;
}

function drawSquares(
  ink: Float32Array,
  on: {
    readonly width: number;
    readonly height: number;
    readonly spacing: number;
    readonly seen: (place: readonly [number, number]) => [number, number];
  },
): void {
  const { width, height, spacing, seen } = on;
  const beyond = 0.1 * Math.max(width, height);
  const line = (from: readonly [number, number], to: readonly [number, number]): void =>
    drawLine(ink, width, height, [seen(from), seen(to)], 0.6, 0.3);
  for (let x = -beyond; x < width + beyond; x += spacing) line([x, -beyond], [x, height + beyond]);
  for (let y = -beyond; y < height + beyond; y += spacing) line([-beyond, y], [width + beyond, y]);
}

/** Draws a line through some places: 1 − its distance beyond the pen, for each pixel the most of all lines. */
function drawLine(
  ink: Float32Array,
  width: number,
  height: number,
  places: readonly (readonly [number, number])[],
  radius: number,
  strength: number,
): void {
  const reach = radius + 1;
  for (let at = 0; at < Math.max(1, places.length - 1); at++) {
    const [ax, ay] = places[at]!;
    const [bx, by] = places[at + 1] ?? places[at]!;
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const [x0, x1] = [
      Math.max(0, Math.floor(Math.min(ax, bx) - reach)),
      Math.min(width - 1, Math.ceil(Math.max(ax, bx) + reach)),
    ];
    const [y0, y1] = [
      Math.max(0, Math.floor(Math.min(ay, by) - reach)),
      Math.min(height - 1, Math.ceil(Math.max(ay, by) + reach)),
    ];
    for (let y = y0; y <= y1; y++) {
      for (let x = x0; x <= x1; x++) {
        const along =
          length === 0 ? 0 : Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length));
        const distance = Math.hypot(x - ax - along * (bx - ax), y - ay - along * (by - ay));
        const covered = strength * Math.max(0, Math.min(1, radius + 0.5 - distance));
        const index = y * width + x;
        if (covered > ink[index]!) ink[index] = covered;
      }
    }
  }
}

/** The sheet as the camera sees it: turned about its middle, and farther away on one side: (x, y)/(1 + g·x + h·y). */
function homography(
  width: number,
  height: number,
  { skew, turn }: Camera,
  rng: Rng,
): (place: readonly [number, number]) => [number, number] {
  const [c, s] = [Math.cos((turn * Math.PI) / 180), Math.sin((turn * Math.PI) / 180)];
  const [g, h] = [(2 * rng() - 1) * 2 * skew, (2 * rng() - 1) * 2 * skew];
  const [cx, cy] = [width / 2, height / 2];
  return ([x, y]) => {
    const [u, v] = [c * (x - cx) - s * (y - cy), s * (x - cx) + c * (y - cy)];
    const depth = 1 + (g * u) / cx + (h * v) / cy;
    return [cx + u / depth, cy + v / depth];
  };
}

/** Box and Muller 1958. */
function gaussian(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
