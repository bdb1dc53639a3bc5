import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { graphSimilarity, type TypedGraph } from '#libs/grading';
import { DatasetError } from '../datasets.js';
import type { EvaluateSet } from './grading-evaluation.js';

/** A hand-drawn process of hdBPMN (Schäfer et al. 2021), as its truth describes it. */
const processSchema = z.object({
  image: z.string(),
  exercise: z.string(),
  nodes: z.array(z.object({ id: z.string(), type: z.string(), text: z.string().default('') })),
  edges: z.array(z.object({ source: z.string(), target: z.string(), type: z.string() })),
});
type LabelledProcess = z.infer<typeof processSchema>;

/** One photo stands twice among the published ones. */
const doubled = 'ex01_writer0067';

/**
 * How well the matching of graphs tells whether two drawings are of the same exercise: the area under the ROC curve of
 * the similarity over all pairs of drawings: by types, edges and the words of the nodes, as the truth has them.
 */
export const evaluateHdbpmn: EvaluateSet = async ({ test }, onProgress) => {
  const processes = (await readProcesses(test)).filter(({ image }) => !image.includes(doubled));
  if (processes.length < 2) throw new DatasetError(`${test}: there are no two drawings in it.`);
  const pairs: { readonly similarity: number; readonly isSame: boolean }[] = [];
  const began = performance.now();
  for (const [at, one] of processes.entries()) {
    onProgress((at / processes.length) * (2 - at / processes.length), 'comparing');
    for (const other of processes.slice(at + 1)) {
      pairs.push({ similarity: graphSimilarity(one, other), isSame: one.exercise === other.exercise });
    }
  }
  const secondsPerPair = (performance.now() - began) / 1_000 / pairs.length;
  const auc = areaUnderRoc(pairs);
  return {
    figures: { graphMatch: { auc, pairs: pairs.length, secondsPerPair } },
    lines: [
      `${processes.length} drawings, ${pairs.length} pairs: the same exercise told from another with an AUC of ${auc.toFixed(4)}`,
    ],
    worst: [],
  };
};

async function readProcesses(file: string): Promise<(LabelledProcess & TypedGraph)[]> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new DatasetError(`${file} cannot be read.`);
  });
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DatasetError(`${file} is no JSON.`);
  }
  const parsed = z.array(processSchema).safeParse(value);
  if (!parsed.success) throw new DatasetError(`${file}: ${z.prettifyError(parsed.error)}`);
  return parsed.data.map((each) => ({
    ...each,
    // the published files have line breaks as XML has them
    nodes: each.nodes.map((node) => ({ ...node, text: node.text.replaceAll('&#10;', ' ') })),
  }));
}

/** The probability that a pair of the same exercise is more alike than one of two (Mann–Whitney U over the pairs; ties count half). */
function areaUnderRoc(pairs: readonly { readonly similarity: number; readonly isSame: boolean }[]): number {
  const sorted = pairs.toSorted((a, b) => a.similarity - b.similarity);
  let [below, wins, same] = [0, 0, 0];
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (end < sorted.length && sorted[end]!.similarity === sorted[at]!.similarity) end++;
    const tied = sorted.slice(at, end);
    const positive = tied.filter(({ isSame }) => isSame).length;
    wins += positive * (below + (tied.length - positive) / 2);
    same += positive;
    below += tied.length - positive;
    at = end;
  }
  return wins / (same * below);
}
