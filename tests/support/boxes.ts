import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { ZipArchive } from '#libs/storage';
import { datasetSchema, type Dataset } from '#libs/training';

/** A picture with two things on it, as its author has it. */
export interface BoxedPicture {
  readonly bytes: Buffer;
  /** For `boxes.json`, but for its path. */
  readonly entry: {
    readonly width: number;
    readonly height: number;
    readonly boxes: readonly object[];
    readonly group: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
}

const colours = { cell: '#d02020', spore: '#2020d0' } as const;

/**
 * Draws a red cell, with its tip as a keypoint, and a blue spore on grey: nothing twice.
 * @param width and half of it as height, in pixels
 */
export async function drawBoxes(number: number, width: number): Promise<BoxedPicture> {
  const unit = width / 32;
  const cell = { x: unit * (1 + (number % 4)), y: unit * (1 + (number % 3)), width: unit * 6, height: unit * 8 };
  const spore = { x: unit * (20 + (number % 5)), y: unit * (2 + (number % 7)), width: unit * 4, height: unit * 4 };
  const parts = await Promise.all(
    ([['cell', cell] as const, ['spore', spore] as const] as const).map(async ([label, box]) => ({
      input: await sharp({
        create: { width: box.width, height: box.height, channels: 3, background: colours[label] },
      })
        .png()
        .toBuffer(),
      left: box.x,
      top: box.y,
    })),
  );
  const grey = { r: 120 + (number % 20), g: 130, b: 120 + Math.floor(number / 20) };
  const bytes = await sharp({ create: { width, height: width / 2, channels: 3, background: grey } })
    .composite(parts)
    .png()
    .toBuffer();
  const boxes = [
    { label: 'cell', ...cell, keypoints: { tip: [cell.x + cell.width / 2, cell.y] } },
    { label: 'spore', ...spore },
  ];
  const attributes = { device: number % 2 === 0 ? 'phone' : 'scanner' };
  return { bytes, entry: { width, height: width / 2, boxes, group: `s${number % 8}`, attributes } };
}

/** Draws pictures: every other one larger than what is kept. By path, with the text of their `boxes.json`. */
export async function boxedFiles(count: number): Promise<Readonly<Record<string, Buffer | string>>> {
  const files: Record<string, Buffer | string> = {};
  const images: object[] = [];
  for (let number = 0; number < count; number++) {
    const { bytes, entry } = await drawBoxes(number, number % 2 === 0 ? 3_200 : 320);
    const path = `${number % 2 === 0 ? 'large' : 'small'}/${number}.png`;
    files[path] = bytes;
    images.push({ path, ...entry });
  }
  return { ...files, 'boxes.json': JSON.stringify({ images }) };
}

/** Writes files into a folder. */
export async function writeFiles(root: string, files: Readonly<Record<string, Buffer | string>>): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
}

/** What an archive of such pictures says of itself. */
export interface ReadBoxes {
  readonly index: Dataset;
  /** Of the pictures, each once, in pixels. */
  readonly widths: readonly number[];
  /** Paths of pictures on which a box is not just around the colour of its thing. */
  readonly misplaced: readonly string[];
}

/** Reads an archive as its format is, and looks at the pixels inside and outside of each box. */
export async function readBoxes(path: string): Promise<ReadBoxes> {
  const archive = await ZipArchive.open(path, 100);
  if (typeof archive === 'string') throw new Error(archive);
  const index = datasetSchema.parse(JSON.parse((await archive.read('dataset.json')).toString()));
  const widths = new Set<number>();
  const misplaced: string[] = [];
  for (const item of index.items) {
    const { data, info } = await sharp(await archive.read(item.path))
      .raw()
      .toBuffer({ resolveWithObject: true });
    widths.add(info.width);
    const labelAt = (x: number, y: number): string => {
      const at = (Math.floor(y) * info.width + Math.floor(x)) * info.channels;
      const difference = data[at]! - data[at + 2]!;
      return difference > 100 ? 'cell' : difference < -100 ? 'spore' : 'none';
    };
    const margin = info.width / 160;
    for (const { label, x, y, width, height, keypoints } of item.boxes!) {
      const [right, bottom] = [x + width, y + height];
      const [tipX, tipY] = keypoints['tip'] ?? [x, y];
      const inside = [labelAt(x + margin, y + margin), labelAt(right - margin, bottom - margin)];
      const outside = [labelAt(x - margin, y + margin), labelAt(right + margin, y), labelAt(x, bottom + margin)];
      const isRight =
        inside.every((found) => found === label) &&
        outside.every((found) => found === 'none') &&
        labelAt(tipX + margin, tipY + margin) === label;
      if (!isRight) misplaced.push(item.path);
    }
  }
  archive.close();
  return { index, widths: [...widths].sort((a, b) => a - b), misplaced };
}
