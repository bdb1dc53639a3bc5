import { resolve } from 'node:path';
import type { CountTask, PhotoMeasurer, PixelForest } from '#libs/grading';
import { OpenCvPhotoMeasurer } from '#libs/imaging';
import { seededRng } from '#libs/kernel';
import { DatasetError } from '../datasets.js';
import type { EvaluateSet, OnProgress, WorstCase } from './grading-evaluation.js';
import { f1Of, matchLabels, type Matched } from './match-labels.js';
import { modalities, readNuclei, type Modality, type NucleiPicture } from './nuclei.js';

/** What is counted by a threshold; the rest by a classifier of pixels that learns from pictures of its modality. */
const byThreshold: readonly Modality[] = ['fluorescence'];

/** Parts that a file is split into where it is both learnt from and scored: each is scored by what the others taught. */
const folds = 5;

interface Counted extends Matched {
  readonly picture: NucleiPicture;
  readonly outlines: readonly (readonly (readonly [number, number])[])[];
  readonly count: number;
  readonly seconds: number;
}

/** How some pictures of one modality were counted, and what learning took. */
interface Part {
  readonly counted: readonly Counted[];
  readonly trainSeconds: number;
}

/**
 * Counts nuclei as the grader of photos does, and compares their outlines with those that people drew. Pictures of a fluorescence
 * microscope are counted by a threshold, the others by a forest that is trained on the pictures of their modality. Where the
 * same file is given to learn from and to be scored on, that is done by cross-validation.
 */
export const evaluateDsb2018: EvaluateSet = async ({ train, test, seed }, onProgress) => {
  const isSame = train.some((file) => resolve(file) === resolve(test));
  const tested = await readNuclei(test);
  const taught = isSame ? [] : (await Promise.all(train.map(readNuclei))).flat();
  const measurer = new OpenCvPhotoMeasurer({ learnMs: 600_000, timeMs: 60_000 });
  try {
    const counted: Counted[] = [];
    const baseline: Counted[] = [];
    const trainSeconds: number[] = [];
    for (const modality of modalities) {
      const pictures = tested.filter((each) => each.modality === modality);
      if (pictures.length === 0) continue;
      const progress: OnProgress = (share, what) =>
        onProgress((modalities.indexOf(modality) + share) / modalities.length, `${modality}: ${what}`);
      const plain = await countAll(measurer, pictures, null, progress);
      baseline.push(...plain);
      const known = taught.filter((each) => each.modality === modality);
      if (byThreshold.includes(modality)) counted.push(...plain);
      else {
        for (const { teachers, scored } of isSame ? split(pictures, seed) : [{ teachers: known, scored: pictures }]) {
          const part = await countByForest(measurer, teachers, scored, progress);
          counted.push(...part.counted);
          trainSeconds.push(part.trainSeconds);
        }
      }
    }
    const of = (modality: Modality, all: readonly Counted[]): Counted[] =>
      all.filter(({ picture }) => picture.modality === modality);
    const figures = Object.fromEntries(
      modalities
        .filter((modality) => of(modality, counted).length > 0)
        .map((modality) => [
          modality,
          {
            pictures: of(modality, counted).length,
            f1: f1Of(of(modality, counted)),
            medianCountError: median(of(modality, counted).map(countError)),
            byThreshold: {
              f1: f1Of(of(modality, baseline)),
              medianCountError: median(of(modality, baseline).map(countError)),
            },
          },
        ]),
    );
    const secondsPerItem = counted.reduce((sum, { seconds }) => sum + seconds, 0) / counted.length;
    const trained = trainSeconds.length === 0 ? null : Math.max(...trainSeconds);
    return {
      figures: { ...figures, secondsPerItem, trainSeconds: trained },
      lines: [
        `${counted.length} pictures, ${counted.reduce((sum, { truth }) => sum + truth, 0)} nuclei` +
          (isSame ? `; one file to learn from and to be scored on, so in ${folds} parts in turn` : ''),
      ],
      worst: [...counted]
        .sort((a, b) => f1Of([a]) - f1Of([b]))
        .slice(0, 24)
        .map(worstCase),
    };
  } finally {
    await measurer.close();
  }
};

async function countByForest(
  measurer: PhotoMeasurer,
  teachers: readonly NucleiPicture[],
  scored: readonly NucleiPicture[],
  onProgress: OnProgress,
): Promise<Part> {
  if (teachers.length === 0) {
    throw new DatasetError(`There is no picture of ${scored[0]!.modality} to learn from: give one to --train.`);
  }
  onProgress(0, `learning from ${teachers.length}`);
  const began = performance.now();
  const forest = await measurer.learnPixels(
    teachers.map(({ bytes, labels }) => ({ picture: bytes, labels })),
    1,
  );
  if ('kind' in forest) throw new Error(`Nothing was learnt: ${forest.detail}`);
  const trainSeconds = (performance.now() - began) / 1_000;
  return { counted: await countAll(measurer, scored, forest, onProgress), trainSeconds };
}

async function countAll(
  measurer: PhotoMeasurer,
  pictures: readonly NucleiPicture[],
  classifier: PixelForest | null,
  onProgress: OnProgress,
): Promise<Counted[]> {
  const task: CountTask = { kind: 'count', region: null, polarity: 'auto', diameter: null, classifier };
  const counted: Counted[] = [];
  for (const [at, picture] of pictures.entries()) {
    onProgress(at / pictures.length, picture.name);
    const began = performance.now();
    const measured = await measurer.measure(picture.bytes, { frame: null, tasks: [task] });
    const seconds = (performance.now() - began) / 1_000;
    const found = measured.kind === 'measured' ? measured.findings[0] : undefined;
    if (found?.kind !== 'counted') throw new Error(`${picture.name} was not counted: ${JSON.stringify(measured)}`);
    const outlines = found.things.map(({ outline }) => outline);
    const matched = matchLabels(outlines, picture.labels, picture.width);
    counted.push({ ...matched, picture, outlines, count: found.count, seconds });
  }
  return counted;
}

/** Deals pictures out into parts by chance, each of which is scored by what the others taught. */
function split(
  pictures: readonly NucleiPicture[],
  seed: string,
): { readonly teachers: NucleiPicture[]; readonly scored: NucleiPicture[] }[] {
  const rng = seededRng(seed);
  const shuffled = pictures
    .map((picture) => ({ picture, place: rng() }))
    .sort((a, b) => a.place - b.place)
    .map(({ picture }) => picture);
  const parts = Math.min(folds, pictures.length);
  return Array.from({ length: parts }, (_, part) => ({
    teachers: shuffled.filter((__, at) => at % parts !== part),
    scored: shuffled.filter((__, at) => at % parts === part),
  }));
}

function countError({ count, truth }: Counted): number {
  return truth === 0 ? Number(count > 0) : Math.abs(count - truth) / truth;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** What was found, right or wrong, and boxes around what was missed. */
function worstCase(counted: Counted): WorstCase {
  const { picture, outlines, right, hit, count, truth } = counted;
  const { name, modality, bytes, width, height, labels } = picture;
  const found = outlines.map((points, number) => ({
    points,
    closed: true,
    colour: right.has(number) ? ('right' as const) : ('wrong' as const),
    label: right.has(number) ? 'found' : 'found, wrong',
  }));
  const missed = [...boxesOf(labels, width)]
    .filter(([label]) => !hit.has(label))
    .map(([, points]) => ({ points, closed: true, colour: 'neutral' as const, label: 'missed' }));
  return {
    title: `${modality}: ${name}`,
    facts: [`counted ${count} of ${truth}`, `F1 ${f1Of([counted]).toFixed(3)}`],
    picture: { bytes, mediaType: 'image/png' },
    width,
    height,
    shapes: [...found, ...missed],
  };
}

function boxesOf(labels: Int32Array, width: number): Map<number, [number, number][]> {
  const bounds = new Map<number, { left: number; top: number; right: number; bottom: number }>();
  labels.forEach((label, at) => {
    if (label === 0) return;
    const [x, y] = [at % width, Math.floor(at / width)];
    const box = bounds.get(label) ?? { left: x, top: y, right: x, bottom: y };
    const { left, top, right, bottom } = box;
    bounds.set(label, { left: Math.min(left, x), top, right: Math.max(right, x), bottom: Math.max(bottom, y) });
  });
  const outline = ({ left, top, right, bottom }: { left: number; top: number; right: number; bottom: number }) =>
    [
      [left, top],
      [right + 1, top],
      [right + 1, bottom + 1],
      [left, bottom + 1],
    ] as [number, number][];
  return new Map([...bounds].map(([label, box]) => [label, outline(box)]));
}
