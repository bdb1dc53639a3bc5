import { SharpPictureReader } from '#libs/imaging';
import { OnnxRuntime } from '#libs/inference';
import { isFailure } from '#libs/kernel';
import { classical, describePictures, drawGoldenPicture, type BoxedPicture, type HeadExample } from '#libs/training';
import { DatasetError } from '../datasets.js';
import { readLabelledPictures, type PictureChoice } from '../labelled-pictures.js';
import { readBoxedPictures } from './boxed-pictures.js';
import { measureCrops, type EmbeddedCrops } from './crop-figures.js';
import { measureDetection } from './detection-figures.js';
import type { EvaluateSet, GradingData, OnProgress } from './grading-evaluation.js';
import { measureLabelling } from './labelling-figures.js';

/** Crops of one label to learn from at most, and to be scored on. */
const most = { train: 400, test: 2_000 } as const;
/** Pictures of other things at most, of one label where they have labels. */
const mostOthers = 200;
const drawnOthers = 60;

/**
 * Things in microscope pictures, as `[{image, objects: [{label, bbox}]}]`: told by small heads from few labels, when they are cut out; found and
 * counted by a detector that is trained here; told from other things; and labelled in the order that a queue proposes.
 */
export const evaluateBccd: EvaluateSet = async (data, onProgress) => {
  const { train, test, labelsPerClass, seed } = data;
  if (train.length === 0) throw new DatasetError('--train: pictures with boxes to learn from are needed.');
  const within =
    (from: number, to: number): OnProgress =>
    (share, what) =>
      onProgress(from + (to - from) * share, what);
  const learnt = (await Promise.all(train.map(readBoxedPictures))).flat();
  const scored = await readBoxedPictures(test);
  const { embedded, crops } = await embedCrops(data, within(0, 0.15));
  const told = await measureCrops(embedded, crops, labelsPerClass ?? 10, seed, within(0.15, 0.25));
  const shares = sharesOf(learnt, embedded.labels);
  const labelling = measureLabelling(embedded, { shares, seed }, within(0.25, 0.35));
  const detection = await measureDetection(learnt, scored, seed, within(0.35, 1));
  return {
    figures: { ...told.figures, ...labelling.figures, ...detection.figures },
    lines: [...told.lines, ...labelling.lines, ...detection.lines],
    worst: [...detection.worst, ...told.worst],
  };
};

/** Cuts out what to learn from and what to be scored on, and describes it with pictures of other things. */
async function embedCrops(
  { train, test, others, seed }: GradingData,
  onProgress: OnProgress,
): Promise<{ embedded: EmbeddedCrops; crops: readonly HeadExample[] }> {
  const learnt = await readLabelledPictures(train, choiceOf(most.train, seed));
  const labels = new Set(learnt.map(({ label }) => label));
  const crops = (await readLabelledPictures([test], choiceOf(most.test, seed))).filter(({ label }) =>
    labels.has(label),
  );
  const other = others.length > 0 ? await readLabelledPictures(others, choiceOf(mostOthers, seed)) : drawOthers(seed);
  const examples = [...learnt, ...crops, ...other.map((each) => ({ ...each, label: otherLabel }))];
  const runtime = new OnnxRuntime({ threads: 1 });
  try {
    const tools = { pictures: new SharpPictureReader({ atOnce: 2, mayWait: 100 }), runtime };
    const described = await describePictures(examples, classical(), tools, 'evaluation', (done) =>
      onProgress(done / examples.length, 'describing'),
    );
    if (isFailure(described)) throw new DatasetError(described.message);
    const rows = (from: number, count: number): number[] => Array.from({ length: count }, (_, at) => from + at);
    const embedded = {
      all: { ...described, classes: labels.size },
      labels: [...labels].sort(),
      learnt: rows(0, learnt.length),
      scored: rows(learnt.length, crops.length),
      others: rows(learnt.length + crops.length, other.length),
    };
    return { embedded, crops };
  } finally {
    await runtime.close();
  }
}

/** How often each label is, of all boxes. */
function sharesOf(pictures: readonly BoxedPicture[], labels: readonly string[]): number[] {
  const boxes = pictures.flatMap((picture) => picture.boxes);
  return labels.map((label) => boxes.filter((box) => box.label === label).length / boxes.length);
}

function choiceOf(count: number, seed: string): PictureChoice {
  return { labels: 100, most: count, group: null, margin: 0.1, window: null, seed };
}

/** Comes last in the order of labels, so that those that are learnt keep their numbers. */
const otherLabel = '\uffff';

function drawOthers(seed: string): HeadExample[] {
  return Array.from({ length: drawnOthers }, (_, at) => {
    return { picture: drawGoldenPicture(`${seed}/other/${at}`), label: otherLabel, group: null, attributes: {} };
  });
}
