import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { seededRng } from '#libs/kernel';
import type { HeadExample } from '#libs/training';
import { DatasetError } from './datasets.js';

export interface PictureChoice {
  /** The most frequent labels, so many. */
  readonly labels: number;
  /** Pictures of one label at most. */
  readonly most: number;
  /** Its first group in a file's name says whose picture it is; each stands for itself where there is none. */
  readonly group: RegExp | null;
  /** Of boxes: what is left around them, by their longer side. */
  readonly margin: number;
  /** Of boxes: side of a square around their middle that is cut out instead. */
  readonly window: number | null;
  readonly seed: string;
}

/** A labelled picture that is read when it is chosen. */
interface Found {
  readonly label: string;
  readonly group: string | null;
  readonly read: () => Promise<Uint8Array>;
}

/**
 * Reads labelled pictures: from folders with a folder for each label, or from JSON files of boxes in pictures, as
 * `[{image, objects: [{label, bbox: [x, y, width, height]}]}]`, where `nodes` with a `type` do as well; what is cut out of one
 * picture, or is by one `writer`, is one group.
 */
export async function readLabelledPictures(
  paths: readonly string[],
  choice: PictureChoice,
): Promise<(HeadExample & { readonly size: number })[]> {
  const found: Found[] = [];
  for (const path of paths) {
    const is = await stat(path).catch(() => null);
    if (is === null) throw new DatasetError(`There is no file or folder ${path}.`);
    found.push(...(is.isDirectory() ? await inFolders(path, choice) : await inBoxes(path, choice)));
  }
  const counts = new Map<string, number>();
  for (const { label } of found) counts.set(label, (counts.get(label) ?? 0) + 1);
  const kept = new Set(
    [...counts]
      .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
      .slice(0, choice.labels)
      .map(([label]) => label),
  );
  const rng = seededRng(`${choice.seed}/pictures`);
  const taken = new Map<string, number>();
  const chosen = found
    .map((each) => ({ each, order: rng() }))
    .sort((a, b) => a.order - b.order)
    .map(({ each }) => each)
    .filter(({ label }) => {
      taken.set(label, (taken.get(label) ?? 0) + 1);
      return kept.has(label) && taken.get(label)! <= choice.most;
    });
  const examples: (HeadExample & { readonly size: number })[] = [];
  for (const { label, group, read } of chosen) {
    const picture = await read();
    const { width, height } = await sharp(picture).metadata();
    examples.push({ picture, label, group, attributes: {}, size: width * height });
  }
  return examples;
}

async function inFolders(path: string, { group }: PictureChoice): Promise<Found[]> {
  const found: Found[] = [];
  for (const label of (await readdir(path)).sort()) {
    if (!(await stat(join(path, label))).isDirectory()) continue;
    for (const file of (await readdir(join(path, label))).sort()) {
      if (!/\.(png|jpe?g|webp)$/i.test(file)) continue;
      found.push({
        label,
        group: group === null ? null : (group.exec(file)?.[1] ?? file),
        read: () => readFile(join(path, label, file)),
      });
    }
  }
  return found;
}

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const boxes = z.array(
  z.object({
    image: z.string(),
    writer: z.union([z.string(), z.number()]).optional(),
    objects: z.array(z.object({ label: z.string(), bbox: box })).default([]),
    nodes: z.array(z.object({ type: z.string(), bbox: box })).default([]),
  }),
);

async function inBoxes(path: string, choice: PictureChoice): Promise<Found[]> {
  const parsed = boxes.safeParse(JSON.parse(await readFile(path, 'utf8')));
  if (!parsed.success) throw new DatasetError(`${path} does not hold boxes in pictures.`);
  return parsed.data.flatMap(({ image, writer, objects, nodes }) =>
    [...objects, ...nodes.map(({ type, bbox }) => ({ label: type, bbox }))].map(({ label, bbox }) => ({
      label,
      group: String(writer ?? image),
      read: () => cut(join(dirname(path), image), bbox, choice),
    })),
  );
}

/** A part of a picture; what lies outside of it has the colours of its border. */
async function cut(
  file: string,
  [x, y, w, h]: z.infer<typeof box>,
  { margin, window }: PictureChoice,
): Promise<Buffer> {
  const more = Math.max(w, h) * margin;
  const [across, down] = window === null ? [w + 2 * more, h + 2 * more] : [window, window];
  const [left, top] = [Math.round(x + w / 2 - across / 2), Math.round(y + h / 2 - down / 2)];
  const [right, bottom] = [left + Math.max(8, Math.round(across)), top + Math.max(8, Math.round(down))];
  const whole = await readFile(file);
  const { width, height } = await sharp(whole).metadata();
  const inside = {
    left: Math.min(Math.max(0, left), width - 1),
    top: Math.min(Math.max(0, top), height - 1),
    right: Math.max(1, Math.min(width, right)),
    bottom: Math.max(1, Math.min(height, bottom)),
  };
  return sharp(whole)
    .extract({
      left: inside.left,
      top: inside.top,
      width: inside.right - inside.left,
      height: inside.bottom - inside.top,
    })
    .extend({
      left: inside.left - left,
      top: inside.top - top,
      right: right - inside.right,
      bottom: bottom - inside.bottom,
      extendWith: 'copy',
    })
    .png()
    .toBuffer();
}
