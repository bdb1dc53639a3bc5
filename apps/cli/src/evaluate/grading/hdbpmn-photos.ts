import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { TypedGraph } from '#libs/grading';
import { DatasetError } from '../datasets.js';

const box = z.tuple([z.number(), z.number(), z.number(), z.number()]);
const place = z.tuple([z.number(), z.number()]);

/** A hand-drawn process of hdBPMN (Schäfer et al. 2021), as its truth describes it. */
const processSchema = z.object({
  image: z.string(),
  exercise: z.string(),
  width: z.number(),
  height: z.number(),
  nodes: z.array(z.object({ id: z.string(), type: z.string(), text: z.string().default(''), bbox: box })),
  edges: z.array(z.object({ source: z.string(), target: z.string(), type: z.string(), points: z.array(place).min(2) })),
  words: z.array(z.object({ bbox: box })).default([]),
});

/** A photo of a process, with its truth in pixels: boxes as x, y, width and height, routes from tail to head. */
export type LabelledProcess = z.infer<typeof processSchema> & TypedGraph & { readonly file: string };

/** One photo stands twice among the published ones. */
const doubled = 'ex01_writer0067';

/** Reads what a JSON file says of photos that lie beside it. */
export async function readProcesses(path: string): Promise<LabelledProcess[]> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new DatasetError(`${path} cannot be read.`);
  });
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DatasetError(`${path} is no JSON.`);
  }
  const parsed = z.array(processSchema).safeParse(value);
  if (!parsed.success) throw new DatasetError(`${path}: ${z.prettifyError(parsed.error)}`);
  return parsed.data
    .filter(({ image }) => !image.includes(doubled))
    .map((each) => ({
      ...each,
      file: join(dirname(path), each.image),
      // the published files have line breaks as XML has them
      nodes: each.nodes.map((node) => ({ ...node, text: node.text.replaceAll('&#10;', ' ') })),
    }));
}
