import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DatasetError } from '../datasets.js';

const labels = ['text', 'arrow', 'process', 'data', 'decision', 'terminator', 'connection'] as const;
const place = z.tuple([z.number(), z.number()]);

/** A flowchart of FC (Awal et al. 2011; InkML by Bresler et al.): strokes, and which of them are what. */
const flowchartSchema = z.object({
  file: z.string(),
  writer: z.string(),
  arrows: z.array(z.object({ id: z.string(), source: z.string(), target: z.string() })),
  groups: z.array(
    z.object({ label: z.enum(labels), ref: z.string().default(''), strokes: z.array(z.int().min(0)).min(1) }),
  ),
  strokes: z.array(z.array(place).min(1)).min(1),
});
export type LabelledFlowchart = z.infer<typeof flowchartSchema>;

/** Reads flowcharts, one JSON object a line. */
export async function readFlowcharts(file: string): Promise<LabelledFlowchart[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new DatasetError(`${file} cannot be read.`);
  });
  return text.split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    const parsed = flowchartSchema.safeParse(parseJson(line));
    if (!parsed.success) throw new DatasetError(`${file}, line ${at + 1}: ${z.prettifyError(parsed.error)}`);
    const { groups, strokes } = parsed.data;
    if (groups.some((group) => group.strokes.some((stroke) => stroke >= strokes.length))) {
      throw new DatasetError(`${file}, line ${at + 1}: a group has a stroke that is not there.`);
    }
    return [parsed.data];
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
