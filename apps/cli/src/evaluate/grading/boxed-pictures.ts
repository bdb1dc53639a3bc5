import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import type { BoxedPicture } from '#libs/training';
import { DatasetError } from '../datasets.js';

/** A picture with its boxes, and where it is. */
export interface FiledPicture extends BoxedPicture {
  readonly file: string;
}

const boxedPictures = z
  .array(
    z.object({
      image: z.string(),
      objects: z.array(
        z.object({ label: z.string(), bbox: z.tuple([z.number(), z.number(), z.number(), z.number()]) }),
      ),
    }),
  )
  .min(1);

/** Reads `[{image, objects: [{label, bbox: [x, y, width, height]}]}]`, images beside the file. */
export async function readBoxedPictures(path: string): Promise<FiledPicture[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new DatasetError(`${path} cannot be read.`);
  });
  const parsed = boxedPictures.safeParse(parse(text));
  if (!parsed.success) throw new DatasetError(`${path} does not hold pictures with boxes.`);
  const pictures: FiledPicture[] = [];
  for (const { image, objects } of parsed.data) {
    const file = join(dirname(path), image);
    const { data, info } = await sharp(await readFile(file).catch(() => Buffer.alloc(0)))
      .toColourspace('srgb')
      .removeAlpha()
      .raw()
      .toBuffer({ resolveWithObject: true })
      .catch(() => {
        throw new DatasetError(`${file} cannot be read as a picture.`);
      });
    pictures.push({
      file,
      picture: { width: info.width, height: info.height, data },
      boxes: objects.map(({ label, bbox: [x, y, width, height] }) => ({ label, x, y, width, height })),
    });
  }
  return pictures;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
