import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { z } from 'zod';
import { DatasetError } from '../datasets.js';

/** How a picture was taken. */
export const modalities = ['fluorescence', 'histology', 'brightField'] as const;
export type Modality = (typeof modalities)[number];

/** A picture of nuclei, and for each of its pixels 0 or the number of the nucleus that it belongs to. */
export interface NucleiPicture {
  readonly name: string;
  readonly modality: Modality;
  readonly bytes: Uint8Array;
  readonly width: number;
  readonly height: number;
  readonly labels: Int32Array;
}

const entriesSchema = z
  .array(z.looseObject({ image: z.string(), labels: z.string(), kind: z.string() }))
  .min(1, 'has no picture');

/**
 * Pictures of the Data Science Bowl 2018 with their label maps: a JSON file of `{ image, labels, kind }`, the paths beside it,
 * labels as R · 256 + G. How a picture was taken is what `kind` says: fluorescence…, histology… or bright field…
 */
export async function readNuclei(file: string): Promise<NucleiPicture[]> {
  const entries = entriesSchema.safeParse(await readJson(file));
  if (!entries.success) throw new DatasetError(`${file}: ${entries.error.issues[0]!.message}.`);
  const pictures = [];
  for (const { image, labels, kind } of entries.data) {
    const modality = modalityOf(kind);
    if (modality === null) throw new DatasetError(`${file}: "${kind}" is no kind of picture that is known.`);
    const [bytes, map] = await Promise.all([image, labels].map((path) => readPicture(join(dirname(file), path))));
    const { data, info } = await sharp(map).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const numbers = Int32Array.from(
      { length: info.width * info.height },
      (_, at) => data[at * info.channels]! * 256 + data[at * info.channels + 1]!,
    );
    pictures.push({ name: image, modality, bytes: bytes!, width: info.width, height: info.height, labels: numbers });
  }
  return pictures;
}

function modalityOf(kind: string): Modality | null {
  if (kind.startsWith('fluorescence')) return 'fluorescence';
  if (kind.startsWith('histology')) return 'histology';
  return /^bright-?_?field/.test(kind) ? 'brightField' : null;
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new DatasetError(`${file} cannot be read: ${(error as Error).message}`);
  }
}

async function readPicture(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch {
    throw new DatasetError(`${file} is missing.`);
  }
}
