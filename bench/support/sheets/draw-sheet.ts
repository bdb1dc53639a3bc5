import type { LabelledParts } from '#libs/grading';
import type { Rng } from '#libs/kernel';
import { holds, type MadeLabel, type MadeWork } from './made-work.js';
import { Raster, type Colour } from './raster.js';
import type { Spot } from './stroke-alphabet.js';
import { normal, widthOf, writeWords, type Writing } from './write-words.js';

/** By a machine, or by hand. */
export type Hand = 'printed' | 'hand-printed';

/** A4 across, in pixels. */
const page = { width: 1_900, height: 1_344 } as const;
const inks: readonly Colour[] = [
  [25, 25, 30],
  [25, 45, 130],
  [40, 60, 160],
];

export interface DrawnSheet {
  readonly sheet: Raster;
  /** Places of the template on the sheet. */
  readonly toSheet: (spot: Spot) => Spot;
}

/**
 * Prints the template on a sheet, and writes labels on it: beside the picture with a line to what they name, or on a part that
 * is large enough for its name.
 */
export async function drawSheet(
  template: Uint8Array,
  { image, parts }: LabelledParts,
  { labels }: MadeWork,
  hand: Hand,
  rng: Rng,
): Promise<DrawnSheet> {
  const sheet = Raster.filled(page.width, page.height, [250, 250, 247]);
  const picture = await Raster.decode(template, Math.round(page.width * (0.52 + 0.06 * rng())));
  fade(picture, rng);
  const [left, top] = [Math.round((page.width - picture.width) / 2), Math.round((page.height - picture.height) / 2)];
  sheet.lay(picture, left, top);
  const scale = picture.width / image.width;
  const toSheet = ([x, y]: Spot): Spot => [left + scale * x, top + scale * y];
  const pen = {
    colour: inks[Math.floor(rng() * inks.length)]!,
    thickness: hand === 'printed' ? 2.6 + rng() : 2.8 + 2 * rng(),
  };
  const write = (text: string, at: Spot, writing: Writing): void => {
    for (const line of writeWords(text, at, writing, rng)) sheet.draw(line, pen.thickness, pen.colour, 0.92);
  };
  const writingOf = (): Writing =>
    hand === 'printed'
      ? { height: 19, unsteadiness: 0, turn: 0, lean: 0 }
      : {
          height: 19 + 3 * rng(),
          unsteadiness: 0.03 + 0.025 * rng(),
          turn: 0.025 * normal(rng),
          lean: 0.1 * normal(rng),
        };

  const beside: MadeLabel[] = [];
  const written: { left: number; right: number; top: number; bottom: number }[] = [];
  for (const label of labels) {
    const writing = writingOf();
    const width = widthOf(label.text, writing);
    const part = parts.find(({ polygons }) => polygons.some((polygon) => holds(polygon, label.target)));
    const middle = toSheet(label.target);
    const box = {
      left: middle[0] - width / 2,
      right: middle[0] + width / 2,
      top: middle[1] - 30,
      bottom: middle[1] + 20,
    };
    const corners = [
      [box.left - 12, box.top - 8],
      [box.right + 12, box.top - 8],
      [box.left - 12, box.bottom + 8],
      [box.right + 12, box.bottom + 8],
      [middle[0], box.top - 8],
    ] as const;
    const isWithin = (polygon: (typeof parts)[number]['polygons'][number]): boolean =>
      corners.every(([x, y]) => holds(polygon, [(x - left) / scale, (y - top) / scale]));
    const isFree =
      part?.polygons.some(isWithin) === true &&
      !parts.some(
        (other) =>
          other !== part &&
          other.polygons.some((polygon) =>
            polygon.some(([x, y]) => {
              const [u, v] = toSheet([x, y]);
              return u > box.left - 12 && u < box.right + 12 && v > box.top - 8 && v < box.bottom + 8;
            }),
          ),
      );
    if (isFree && rng() < 0.4) {
      write(label.text, [box.left, middle[1] + writing.height / 2], writing);
      written.push(box);
    } else beside.push(label);
  }
  // Beside the picture, on the side that is nearer, in the order of what they name.
  for (const isLeft of [true, false]) {
    const column = beside.filter(({ target: [x] }) => x < image.width / 2 === isLeft);
    column.sort((one, other) => one.target[1] - other.target[1]);
    const room = (page.height - 160) / Math.max(1, column.length);
    for (const [index, label] of column.entries()) {
      const writing = writingOf();
      const width = widthOf(label.text, writing);
      const target = toSheet(label.target);
      const wanted = 80 + room * (index + 0.3 + 0.4 * rng());
      const line = wanted + 0.3 * (target[1] - wanted) * (column.length < 4 ? 1 : 0.3);
      const edge = isLeft ? left - 30 - 40 * rng() : left + picture.width + 30 + 40 * rng();
      const start: Spot = isLeft ? [Math.max(12, edge - width), line] : [Math.min(edge, page.width - width - 12), line];
      write(label.text, start, writing);
      const near: Spot = [
        isLeft ? start[0] + width + 10 + 8 * rng() : start[0] - 10 - 8 * rng(),
        line - writing.height / 2 + 4 * normal(rng),
      ];
      sheet.draw(leader(near, target, hand, rng), pen.thickness * 0.85, pen.colour, 0.92);
    }
  }
  return { sheet, toSheet };
}

/** A straight line, by hand a little bent. */
function leader(from: Spot, to: Spot, hand: Hand, rng: Rng): Spot[] {
  const bend = hand === 'printed' ? 0 : 3 * normal(rng);
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
  const [nx, ny] = [-(to[1] - from[1]) / length, (to[0] - from[0]) / length];
  return Array.from({ length: 9 }, (_, step): Spot => {
    const t = step / 8;
    const off = 4 * bend * t * (1 - t);
    return [from[0] + t * (to[0] - from[0]) + off * nx, from[1] + t * (to[1] - from[1]) + off * ny];
  });
}

/** What a printer makes of colours: paler, with a cast. */
function fade({ data }: Raster, rng: Rng): void {
  const strength = 0.82 + 0.18 * rng();
  const cast = [0, 1, 2].map(() => 1 + 0.06 * (rng() - 0.5));
  for (let at = 0; at < data.length; at++) data[at] = Math.max(0, 250 - (255 - data[at]!) * strength * cast[at % 3]!);
}
