import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  averagePrecision,
  countFound,
  detect,
  detectorLimits,
  matchFound,
  trainDetector,
  type FoundBox,
  type LabelledBox,
} from '#libs/training';
import { DatasetError } from '../datasets.js';
import type { FiledPicture } from './boxed-pictures.js';
import { percent } from './crop-figures.js';
import type { Figures, GradingEvaluation, OnProgress, WorstCase } from './grading-evaluation.js';

interface Judged extends FiledPicture {
  readonly found: readonly FoundBox[];
}

const shownPictures = 12;
/** Of boxes that are drawn on a page. */
const shownScore = 0.5;

/** Trains a detector on some pictures, and scores its boxes and counts on others. */
export async function measureDetection(
  learnt: readonly FiledPicture[],
  scored: readonly FiledPicture[],
  seed: string,
  onProgress: OnProgress,
): Promise<GradingEvaluation> {
  if (learnt.length < detectorLimits.leastPictures) {
    throw new DatasetError(`--train: a detector needs ${detectorLimits.leastPictures} pictures at least.`);
  }
  const began = performance.now();
  const detector = await trainDetector(learnt, seed, (share, what) => onProgress(0.9 * share, `detector: ${what}`));
  const trained = performance.now();
  const judged = scored.map((picture, at): Judged => {
    onProgress(0.9 + (0.1 * at) / scored.length, 'detecting');
    return { ...picture, found: detect(detector, picture.picture) };
  });
  const secondsPerItem = (performance.now() - trained) / 1_000 / scored.length;
  const trainingSeconds = (trained - began) / 1_000;
  const labels = [...new Set(learnt.flatMap(({ boxes }) => boxes.map(({ label }) => label)))].sort();
  const pictures = judged.map(({ found, boxes }) => ({ found, true: boxes }));
  const precisions = labels.flatMap((label) => {
    const precision = averagePrecision(pictures, label);
    return precision === null ? [] : [{ label, precision }];
  });
  const map50 = precisions.reduce((sum, { precision }) => sum + precision, 0) / precisions.length;
  const counts = labels.map((label) => ({ label, ...countFigures(judged, label) }));
  const named = <T>(rows: readonly { readonly label: string }[], of: (row: never) => T): Record<string, T> =>
    Object.fromEntries(rows.map((row) => [row.label.toLowerCase(), of(row as never)]));
  return {
    figures: {
      map50,
      averagePrecision: named(precisions, ({ precision }: { precision: number }) => precision),
      counts: named(counts, ({ medianRelativeError, within1 }: CountFigures): Figures => ({
        medianRelativeError,
        within1,
      })),
      secondsPerItem,
      trainingSeconds,
    },
    lines: [
      `A detector from ${learnt.length} pictures in ${trainingSeconds.toFixed(0)} s, on ${scored.length} others: ` +
        precisions.map(({ label, precision }) => `${label} ${percent(precision)}`).join(', '),
      ...counts.map(
        ({ label, medianRelativeError, within1 }) =>
          `${label}: counts off by ${percent(medianRelativeError ?? 0)} in the middle, by one at most in ${percent(within1)}`,
      ),
    ],
    worst: await worstOf(judged),
  };
}

interface CountFigures {
  /** Of pictures that show any; null where none does. */
  readonly medianRelativeError: number | null;
  /** Share of pictures whose count is off by one at most. */
  readonly within1: number;
}

function countFigures(judged: readonly Judged[], label: string): CountFigures {
  const counts = judged.map(({ found, boxes }) => {
    return { is: countFound(found, label), should: boxes.filter((box) => box.label === label).length };
  });
  const errors = counts
    .filter(({ should }) => should > 0)
    .map(({ is, should }) => Math.abs(is - should) / should)
    .sort((a, b) => a - b);
  const middle = errors.length >> 1;
  const medianRelativeError =
    errors.length === 0
      ? null
      : errors.length % 2 === 1
        ? errors[middle]!
        : (errors[middle - 1]! + errors[middle]!) / 2;
  const within1 = counts.filter(({ is, should }) => Math.abs(is - should) <= 1).length / counts.length;
  return { medianRelativeError, within1 };
}

/** The pictures with most boxes that were missed, or are none. */
function worstOf(judged: readonly Judged[]): Promise<WorstCase[]> {
  const shown = judged.map((each) => {
    const found = each.found.filter(({ score }) => score >= shownScore);
    const matched = matchFound({ found, true: each.boxes });
    const right = new Set(matched.filter((at) => at !== null));
    const extra = found.filter((_, at) => matched[at] === null);
    const missed = each.boxes.filter((_, at) => !right.has(at));
    return { ...each, found, matched, extra, missed };
  });
  return Promise.all(
    shown
      .sort((a, b) => b.extra.length + b.missed.length - a.extra.length - a.missed.length)
      .slice(0, shownPictures)
      .map(async ({ file, picture: { width, height }, found, matched, extra, missed }): Promise<WorstCase> => {
        const outline = ({ x, y, width: wide, height: tall }: LabelledBox) =>
          [
            [x, y],
            [x + wide, y],
            [x + wide, y + tall],
            [x, y + tall],
          ] as const;
        return {
          title: basename(file),
          facts: [`${missed.length} missed (grey)`, `${extra.length} found where none is marked (orange)`],
          picture: { bytes: await readFile(file), mediaType: mediaTypeOf(file) },
          width,
          height,
          shapes: [
            ...found.map((box, at) => ({
              points: outline(box),
              closed: true,
              colour: matched[at] === null ? ('wrong' as const) : ('right' as const),
              label: `${box.label} ${box.score.toFixed(2)}`,
            })),
            ...missed.map((box) => ({
              points: outline(box),
              closed: true,
              colour: 'neutral' as const,
              label: `${box.label}, missed`,
            })),
          ],
        };
      }),
  );
}

function mediaTypeOf(file: string): string {
  return /\.png$/i.test(file) ? 'image/png' : 'image/jpeg';
}
