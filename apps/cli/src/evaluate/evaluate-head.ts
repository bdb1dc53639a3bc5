import { SharpPictureReader } from '#libs/imaging';
import { isFailure, seededRng } from '#libs/kernel';
import type { InferenceRuntime } from '#libs/models';
import {
  applyHead,
  calibrationError,
  classical,
  crossValidate,
  describePictures,
  fitHead,
  mostProbable,
  pick,
  softmax,
  type HeadExample,
  type LabelledEmbeddings,
} from '#libs/training';
import { DatasetError } from './datasets.js';

/** How heads do that were fitted to so many pictures of each label. */
export interface HeadFigures {
  readonly per: number;
  readonly draws: number;
  /** Means over the draws, on pictures of groups that were not drawn, every label counting alike. */
  readonly accuracy: number;
  readonly lowest: number;
  readonly highest: number;
  /** On the four fifths of which the head is surest. */
  readonly surest: number;
  readonly ece: number;
  /** What nested cross-validation says of the same heads from the drawn pictures alone. */
  readonly claimed: number;
  /** Accuracy of seven numbers of colour and size with the same regression. */
  readonly sevenNumbers: number;
  /** From embeddings to a measured head, median. */
  readonly seconds: number;
}

export interface HeadEvaluation {
  readonly labels: readonly string[];
  readonly pictures: number;
  readonly groups: number;
  readonly millisecondsPerPicture: number;
  readonly figures: readonly HeadFigures[];
}

export interface EvaluateHeadOptions {
  readonly per: readonly number[];
  readonly draws: number;
  readonly seed: string;
  readonly runtime: InferenceRuntime;
  readonly onProgress: (share: number, what: string) => void;
}

/** Draws pictures of each label again and again, fits a head to them and scores it on the rest. */
export async function evaluateHead(
  examples: readonly (HeadExample & { readonly size: number })[],
  { per, draws, seed, runtime, onProgress }: EvaluateHeadOptions,
): Promise<HeadEvaluation> {
  const pictures = new SharpPictureReader({ atOnce: 2, mayWait: 100 });
  const began = performance.now();
  const described = await describePictures(examples, classical(), { pictures, runtime }, 'evaluation', (done) =>
    onProgress(done / examples.length / 2, 'describing'),
  );
  if (isFailure(described)) throw new DatasetError(described.message);
  const millisecondsPerPicture = (performance.now() - began) / examples.length;
  const plain = await sevenNumbers(examples, described, pictures);
  const figures: HeadFigures[] = [];
  for (const [at, count] of per.entries()) {
    const scores: Awaited<ReturnType<typeof score>>[] = [];
    for (let draw = 0; draw < draws; draw++) {
      onProgress(0.5 + (at + draw / draws) / per.length / 2, `${count} of each label`);
      const { drawn, rest } = drawExamples(described, count, `${seed}/${draw}`);
      scores.push(await score(described, plain, drawn, rest));
    }
    const mean = (of: (each: (typeof scores)[number]) => number): number =>
      scores.reduce((sum, each) => sum + of(each), 0) / draws;
    const accuracies = scores.map(({ accuracy }) => accuracy);
    figures.push({
      per: count,
      draws,
      accuracy: mean(({ accuracy }) => accuracy),
      lowest: Math.min(...accuracies),
      highest: Math.max(...accuracies),
      surest: mean(({ surest }) => surest),
      ece: mean(({ ece }) => ece),
      claimed: mean(({ claimed }) => claimed),
      sevenNumbers: mean((each) => each.sevenNumbers),
      seconds: scores.map(({ seconds }) => seconds).sort((a, b) => a - b)[Math.floor(draws / 2)]!,
    });
  }
  const labels = [...new Set(examples.map(({ label }) => label))].sort();
  return { labels, pictures: examples.length, groups: new Set(described.groups).size, millisecondsPerPicture, figures };
}

/** Examples of each label in a random order, and all others whose group was not drawn. */
export function drawExamples(
  { labels, groups, classes }: LabelledEmbeddings,
  count: number,
  seed: string,
): { drawn: number[]; rest: number[] } {
  const rng = seededRng(seed);
  const order = labels.map((_, at) => ({ at, key: rng() })).sort((a, b) => a.key - b.key);
  const taken = new Float64Array(classes);
  const drawn = order.flatMap(({ at }) => (taken[labels[at]!]!++ < count ? [at] : []));
  const known = new Set(drawn.map((at) => groups[at]));
  const rest = labels.flatMap((_, at) => (known.has(groups[at]) ? [] : [at]));
  const missing = Array.from({ length: classes }, (_, label) => label).filter(
    (label) => drawn.filter((at) => labels[at] === label).length < count || !rest.some((at) => labels[at] === label),
  );
  if (missing.length > 0) throw new DatasetError(`There are too few pictures, or groups, for ${count} of each label.`);
  return { drawn, rest };
}

async function score(
  all: LabelledEmbeddings,
  plain: LabelledEmbeddings,
  drawn: readonly number[],
  rest: readonly number[],
): Promise<{ accuracy: number; surest: number; ece: number; claimed: number; sevenNumbers: number; seconds: number }> {
  const began = performance.now();
  const learnt = pick(all, drawn);
  const { probs: crossed } = await crossValidate(learnt, 'measured', async () => {});
  const judged = judge(all, drawn, rest);
  const seconds = (performance.now() - began) / 1000;
  const claims = learnt.labels.map((label, at) =>
    mostProbable(crossed.data.subarray(at * all.classes, (at + 1) * all.classes)) === label ? 1 : 0,
  );
  return {
    accuracy: balanced(judged.rows, all.classes),
    surest: shareRight(surestOf(judged.rows)),
    ece: judged.ece,
    claimed: claims.reduce<number>((sum, each) => sum + each, 0) / claims.length,
    sevenNumbers: balanced(judge(plain, drawn, rest).rows, all.classes),
    seconds,
  };
}

/** What a head gave for an example. */
export interface Judged {
  readonly label: number;
  readonly given: number;
  readonly confidence: number;
  readonly isRight: boolean;
}

/** What a head that learnt from some examples gives for others, in their order; and its calibration error there. */
export function judge(
  all: LabelledEmbeddings,
  drawn: readonly number[],
  rest: readonly number[],
): { rows: Judged[]; ece: number } {
  const head = fitHead(pick(all, drawn), 'measured');
  const held = pick(all, rest);
  const probs = softmax(applyHead(head, held.embeddings), head.temperature);
  const rows = held.labels.map((label, at) => {
    const each = probs.data.subarray(at * all.classes, (at + 1) * all.classes);
    const given = mostProbable(each);
    return { label, given, confidence: each[given]!, isRight: given === label };
  });
  return { rows, ece: calibrationError(probs, held.labels) };
}

/** The four fifths of which a head is surest. */
export function surestOf(rows: readonly Judged[]): Judged[] {
  return rows.toSorted((a, b) => b.confidence - a.confidence).slice(0, Math.ceil(rows.length * 0.8));
}

export function shareRight(rows: readonly Judged[]): number {
  return rows.filter(({ isRight }) => isRight).length / rows.length;
}

/** Mean of the accuracies of the labels. */
export function balanced(rows: readonly Judged[], classes: number): number {
  let sum = 0;
  for (let label = 0; label < classes; label++) {
    const own = rows.filter((row) => row.label === label);
    sum += shareRight(own) / classes;
  }
  return sum;
}

/** Means and deviations of red, green and blue, and the logarithm of the size: what a first attempt would look at. */
async function sevenNumbers(
  examples: readonly (HeadExample & { readonly size: number })[],
  described: LabelledEmbeddings,
  pictures: SharpPictureReader,
): Promise<LabelledEmbeddings> {
  const { preprocessing } = classical();
  const data: number[] = [];
  for (const { picture, size } of examples) {
    const read = await pictures.read(picture, preprocessing);
    if (isFailure(read)) throw new DatasetError(read.message);
    for (let channel = 0; channel < 3; channel++) {
      const levels = read.data.filter((_, at) => at % 3 === channel);
      const mean = levels.reduce((sum, level) => sum + level, 0) / levels.length;
      const variance = levels.reduce((sum, level) => sum + (level - mean) ** 2, 0) / levels.length;
      data.push(mean / 255, Math.sqrt(variance) / 255);
    }
    data.push(Math.log(size) / 10);
  }
  return { ...described, embeddings: { rows: examples.length, columns: 7, data: Float64Array.from(data) } };
}
