import { readFile } from 'node:fs/promises';
import { graphSimilarity, processShapes, type DetectedDrawing, type TypedGraph } from '#libs/grading';
import { ModelDrawingDetector, SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime } from '#libs/inference';
import { drawingDetector } from '#libs/platform';
import { openShippedPackage } from '#libs/storage';
import { DatasetError } from '../datasets.js';
import { percent } from './crop-figures.js';
import {
  boundsOfBox,
  countsOf,
  graphOf,
  matchDrawing,
  scoresOf,
  type Counts,
  type Matched,
} from './drawing-figures.js';
import type { EvaluateSet, WorstCase } from './grading-evaluation.js';
import { readProcesses, type LabelledProcess } from './hdbpmn-photos.js';

const shownPictures = 12;

interface Judged {
  readonly process: LabelledProcess;
  readonly drawing: DetectedDrawing;
  readonly matched: Matched;
}

/**
 * What the detector that comes with this program finds on photos of hand-drawn processes, and how well the matching of graphs tells
 * whether two drawings are of the same exercise: the area under the ROC curve of the similarity over all pairs of drawings, by
 * types, edges and the words of the nodes as the truth has them, and by what was found, without words. Nothing is learnt here
 * (`--train`): the detector learnt from the training photos when it was made.
 */
export const evaluateHdbpmn: EvaluateSet = async ({ test }, onProgress) => {
  const processes = await readProcesses(test);
  if (processes.length < 2) throw new DatasetError(`${test}: there are no two drawings in it.`);
  const { judged, secondsPerItem } = await detectAll(processes, (share) => onProgress(0.5 * share, 'detecting'));
  const graphMatch = matchPairs(processes, processes, (share) => onProgress(0.5 + 0.25 * share, 'comparing'));
  const graphs = judged.map(({ drawing }) => graphOf(drawing));
  const found = matchPairs(processes, graphs, (share) => onProgress(0.75 + 0.25 * share, 'comparing what was found'));
  const scored = (of: (each: Judged) => Counts) => scoresOf(judged.map(of));
  const objects = scored(({ matched, process }) => countsOf(matched.shapes, process.nodes.length));
  const arrows = scored(({ matched, process }) => countsOf(matched.arrows, process.edges.length));
  const ends = scored(({ matched, process }) => countsOf(matched.ends, process.edges.length));
  const edges = scored(({ matched, process }) => countsOf(matched.joins, process.edges.length));
  const words = scored(({ matched, process }) => countsOf(matched.words, process.words.length));
  return {
    figures: {
      objects: { ...objects, byLabel: f1ByLabel(judged) },
      arrows: { ...arrows, ends: ends.f1 },
      edges,
      words,
      graphMatch: { ...graphMatch, found: found.auc },
      secondsPerItem,
    },
    lines: [
      `${processes.length} photos: shapes F1 ${percent(objects.f1)}, arrows F1 ${percent(arrows.f1)} (both ends right ${percent(ends.f1)}), ` +
        `joined right ${percent(edges.f1)}, words F1 ${percent(words.f1)}`,
      `${graphMatch.pairs} pairs: the same exercise told from another with an AUC of ${graphMatch.auc.toFixed(4)} by the truth, ` +
        `of ${found.auc.toFixed(4)} by what was found`,
    ],
    worst: await worstOf(judged),
  };
};

async function detectAll(
  processes: readonly LabelledProcess[],
  onProgress: (share: number) => void,
): Promise<{ judged: Judged[]; secondsPerItem: number }> {
  const runtime = new OnnxRuntime({ threads: 1 });
  const open = (): ReturnType<typeof openShippedPackage> => openShippedPackage(drawingDetector);
  const detector = new ModelDrawingDetector(open, new SharpPictureReader(), runtime);
  const judged: Judged[] = [];
  let seconds = 0;
  try {
    for (const [at, process] of processes.entries()) {
      onProgress(at / processes.length);
      const bytes = await readFile(process.file).catch(() => {
        throw new DatasetError(`${process.file} cannot be read.`);
      });
      const began = performance.now();
      const drawing = await detector.detect({ ...process, bytes }, processShapes);
      // the first one waits until the model is loaded
      if (at > 0) seconds += (performance.now() - began) / 1_000;
      if (drawing.kind === 'not-detected') throw new DatasetError(`${process.file}: ${drawing.detail}`);
      judged.push({ process, drawing, matched: matchDrawing(process, drawing) });
    }
  } finally {
    await runtime.close();
  }
  return { judged, secondsPerItem: seconds / (processes.length - 1) };
}

function f1ByLabel(judged: readonly Judged[]): Record<string, number> {
  const labels = [...new Set(judged.flatMap(({ process }) => process.nodes.map(({ type }) => type)))].sort();
  return Object.fromEntries(
    labels.map((label) => {
      const counts = judged.map(({ process, drawing, matched }): Counts => {
        const own = matched.shapes.filter((_, at) => drawing.shapes[at]!.label === label);
        return countsOf(own, process.nodes.filter(({ type }) => type === label).length);
      });
      return [label, scoresOf(counts).f1];
    }),
  );
}

function matchPairs(
  processes: readonly LabelledProcess[],
  graphs: readonly TypedGraph[],
  onProgress: (share: number) => void,
): { auc: number; pairs: number; secondsPerPair: number } {
  const pairs: { readonly similarity: number; readonly isSame: boolean }[] = [];
  const began = performance.now();
  for (const [at, one] of graphs.entries()) {
    onProgress((at / graphs.length) * (2 - at / graphs.length));
    for (const [after, other] of graphs.slice(at + 1).entries()) {
      const isSame = processes[at]!.exercise === processes[at + 1 + after]!.exercise;
      pairs.push({ similarity: graphSimilarity(one, other), isSame });
    }
  }
  const secondsPerPair = (performance.now() - began) / 1_000 / pairs.length;
  return { auc: areaUnderRoc(pairs), pairs: pairs.length, secondsPerPair };
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

/** The photos on which most was missed, or found where nothing is. */
function worstOf(judged: readonly Judged[]): Promise<WorstCase[]> {
  const lost = ({ process, matched }: Judged): number => {
    const [shapes, arrows] = [
      countsOf(matched.shapes, process.nodes.length),
      countsOf(matched.arrows, process.edges.length),
    ];
    return shapes.asked + shapes.found - 2 * shapes.right + arrows.asked + arrows.found - 2 * arrows.right;
  };
  return Promise.all(
    judged
      .toSorted((a, b) => lost(b) - lost(a))
      .slice(0, shownPictures)
      .map(async ({ process, drawing, matched }): Promise<WorstCase> => {
        const { file, image: title, width, height, nodes, edges } = process;
        const missed = nodes.filter((_, at) => !matched.shapes.includes(at));
        return {
          title,
          facts: [
            `${missed.length} of ${nodes.length} shapes missed (grey)`,
            `${edges.length - countsOf(matched.arrows, edges.length).right} of ${edges.length} arrows missed`,
          ],
          picture: { bytes: await readFile(file), mediaType: 'image/jpeg' },
          width,
          height,
          shapes: [
            ...missed.map(({ type, bbox }) => ({
              points: cornersOf(boundsOfBox(bbox)),
              closed: true,
              colour: 'neutral' as const,
              label: `${type}, missed`,
            })),
            ...drawing.shapes.map(({ label, probability, box }, at) => ({
              points: cornersOf(box),
              closed: true,
              colour: matched.shapes[at] === null ? ('wrong' as const) : ('right' as const),
              label: `${label} ${probability.toFixed(2)}`,
            })),
            ...drawing.arrows.map(({ label, probability, tail, head }, at) => ({
              points: [tail, head],
              closed: false,
              colour: matched.arrows[at] === null ? ('wrong' as const) : ('right' as const),
              label: `${label} ${probability.toFixed(2)}`,
            })),
          ],
        };
      }),
  );
}

function cornersOf({ left, top, right, bottom }: ReturnType<typeof boundsOfBox>): [number, number][] {
  return [
    [left, top],
    [right, top],
    [right, bottom],
    [left, bottom],
  ];
}
