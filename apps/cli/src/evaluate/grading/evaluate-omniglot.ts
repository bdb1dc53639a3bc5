import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import {
  cloudOfPixels,
  cloudOfStrokes,
  modifiedHausdorff,
  rankByInk,
  sketchCloudSize,
  type PointCloud,
} from '#libs/grading';
import { DatasetError } from '../datasets.js';
import type { EvaluateSet, WorstCase } from './grading-evaluation.js';
import { readInk, readOneShotRuns } from './omniglot-runs.js';

interface Told {
  readonly file: string;
  readonly answer: string;
  readonly said: string;
  /** By how much what was said is nearer than the answer. */
  readonly lead: number;
}

/**
 * Tells each drawing of a one-shot task by the nearest of twenty examples, as the grader of sketches does, and beside it by the modified
 * Hausdorff distance. Nothing is learnt.
 */
export const evaluateOmniglot: EvaluateSet = async ({ test, seed }, onProgress) => {
  const runs = await readOneShotRuns(test, seed);
  const clouds = new Map<string, PointCloud>();
  const cloudOf = async (file: string): Promise<PointCloud> => {
    const known = clouds.get(file);
    if (known !== undefined) return known;
    const ink = await readInk(file);
    const cloud =
      'strokes' in ink ? cloudOfStrokes(ink.strokes, sketchCloudSize) : cloudOfPixels(ink.pixels, sketchCloudSize);
    if (cloud === null) throw new DatasetError(`${file} has no ink.`);
    clouds.set(file, cloud);
    return cloud;
  };
  const wrong: Told[] = [];
  const errors: number[] = [];
  let [items, baseline, seconds] = [0, 0, 0];
  for (const [number, { name, examples, items: asked }] of runs.entries()) {
    onProgress(number / runs.length, name);
    const known = await Promise.all(examples.map(async (file) => ({ file, cloud: await cloudOf(file) })));
    let mistakes = 0;
    for (const { file, answer } of asked) {
      const cloud = await cloudOf(file);
      const began = performance.now();
      const ranked = rankByInk(cloud, known);
      seconds += (performance.now() - began) / 1_000;
      const [nearest] = ranked;
      const right = ranked.find((each) => each.known.file === answer)!;
      if (nearest !== right) {
        mistakes++;
        wrong.push({ file, answer, said: nearest!.known.file, lead: right.distance - nearest!.distance });
      }
      if (nearestByHausdorff(cloud, known).file !== answer) baseline++;
      items++;
    }
    errors.push(mistakes / asked.length);
  }
  const error = errors.reduce((sum, each) => sum + each, 0) / errors.length;
  const spread = Math.sqrt(errors.reduce((sum, each) => sum + (each - error) ** 2, 0)) / errors.length;
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return {
    figures: {
      error,
      standardError: spread,
      modifiedHausdorff: { error: baseline / items },
      secondsPerItem: seconds / items,
    },
    lines: [
      `${runs.length} tasks, ${items} drawings: ${percent(error)} told wrong (± ${percent(spread)}), ` +
        `${percent(baseline / items)} by the modified Hausdorff distance`,
    ],
    worst: await Promise.all(
      wrong
        .sort((a, b) => b.lead - a.lead)
        .slice(0, 24)
        .map(worstCase),
    ),
  };
};

function nearestByHausdorff<T extends { readonly cloud: PointCloud }>(cloud: PointCloud, known: readonly T[]): T {
  const distances = known.map((each) => modifiedHausdorff(cloud, each.cloud));
  return known[distances.indexOf(Math.min(...distances))]!;
}

/** Side of the pictures of the set, in pixels. */
const side = 105;

async function worstCase({ file, answer, said, lead }: Told): Promise<WorstCase> {
  const nameOf = (path: string): string => join(basename(dirname(path)), basename(path));
  const ink = await readInk(file);
  const shapes =
    'strokes' in ink
      ? ink.strokes.map((points) => ({ points, closed: false, colour: 'neutral' as const, label: 'drawn' }))
      : [];
  const picture = 'strokes' in ink ? null : { bytes: await readFile(file), mediaType: 'image/png' };
  const facts = [`taken for ${nameOf(said)}`, `should be ${nameOf(answer)}`, `nearer by ${lead.toFixed(3)}`];
  return { title: nameOf(file), facts, picture, width: side, height: side, shapes };
}
