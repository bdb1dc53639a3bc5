import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';

type Point = readonly [number, number];

/** A part of the demo course's plant cell, as its file describes it. */
export interface DrawnPart {
  readonly id: string;
  readonly label: string;
  readonly polygons: readonly (readonly Point[])[];
}

/** The place that is deepest inside a part and in no part within it, in pixels of the template. */
export function drawnAt(part: DrawnPart, parts: readonly DrawnPart[]): { x: number; y: number } {
  const inner = parts.filter((other) => areaOf(other) < areaOf(part)).flatMap(({ polygons }) => polygons);
  const edges = [...part.polygons, ...inner];
  let found = { x: 0, y: 0, depth: -1 };
  for (let x = 0; x < 800; x += 4) {
    for (let y = 0; y < 600; y += 4) {
      const own = part.polygons.filter((polygon) => contains(polygon, [x, y]));
      if (own.length === 0 || inner.some((polygon) => contains(polygon, [x, y]))) continue;
      const depth = Math.min(...edges.map((polygon) => distance(polygon, [x, y])));
      if (depth > found.depth) found = { x, y, depth };
    }
  }
  if (found.depth < 0) throw new Error(`No place was found in ${part.id}.`);
  return { x: found.x, y: found.y };
}

/** The template with a dot at each mark, as PNG. */
export async function drawPicture(
  courseFolder: string,
  marks: readonly { readonly shape: { readonly x: number; readonly y: number } }[],
): Promise<Buffer> {
  const template = await readFile(join(courseFolder, 'media/plant-cell-template.png'));
  const dot = { create: { width: 9, height: 9, channels: 3 as const, background: { r: 200, g: 0, b: 0 } } };
  return sharp(template)
    .composite(marks.map(({ shape: { x, y } }) => ({ input: dot, left: x - 4, top: y - 4 })))
    .png()
    .toBuffer();
}

/** By the shoelace formula, in square pixels. */
function areaOf({ polygons }: DrawnPart): number {
  const twice = polygons.map((polygon) =>
    edgesOf(polygon).reduce((sum, [[x1, y1], [x2, y2]]) => sum + x1 * y2 - x2 * y1, 0),
  );
  return twice.reduce((sum, area) => sum + Math.abs(area) / 2, 0);
}

/** Whether a ray from the point crosses the polygon's edges an odd number of times. */
function contains(polygon: readonly Point[], [x, y]: Point): boolean {
  return (
    edgesOf(polygon).filter(([[x1, y1], [x2, y2]]) => y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1)
      .length %
      2 ===
    1
  );
}

function distance(polygon: readonly Point[], [x, y]: Point): number {
  return Math.min(
    ...edgesOf(polygon).map(([[x1, y1], [x2, y2]]) => {
      const [dx, dy] = [x2 - x1, y2 - y1];
      const along = Math.min(Math.max(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy), 0), 1);
      return Math.hypot(x - x1 - along * dx, y - y1 - along * dy);
    }),
  );
}

function edgesOf(polygon: readonly Point[]): [Point, Point][] {
  return polygon.map((point, index) => [point, polygon[(index + 1) % polygon.length]!]);
}
