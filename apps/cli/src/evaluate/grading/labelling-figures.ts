import { seededRng } from '#libs/kernel';
import {
  applyHead,
  fitHead,
  kCentres,
  mostProbable,
  nextToLabel,
  pairwiseDistances,
  pick,
  softmax,
  type LabelledEmbeddings,
} from '#libs/training';
import { percent, type EmbeddedCrops } from './crop-figures.js';
import type { GradingEvaluation, OnProgress } from './grading-evaluation.js';

/** Labels that a teacher gives at most, how many come before the first head, and between two heads. */
const [budget, first, batch] = [60, 10, 5];
/** Pools that are drawn, and random orders of each. */
const [pools, orders] = [4, 4];
const poolSize = 300;

/** Where labels get to, after how many. */
interface Curve {
  readonly labels: number;
  readonly accuracy: number;
}

/**
 * What a queue saves: labels in the order that it proposes (k-centre, then margin × density), beside labels in a random order. Pools have
 * labels as often as the pictures have; `share` is of the labels at which the queue first does as well as {@link budget} random ones.
 */
export function measureLabelling(
  { all, learnt, scored }: EmbeddedCrops,
  { shares, seed }: { readonly shares: readonly number[]; readonly seed: string },
  onProgress: OnProgress,
): Omit<GradingEvaluation, 'worst'> {
  const steps = Array.from({ length: (budget - first) / batch + 1 }, (_, step) => first + step * batch);
  const queued = steps.map(() => 0);
  let random = 0;
  for (let draw = 0; draw < pools; draw++) {
    onProgress(draw / pools, 'labelling in order');
    const pool = pick(all, drawPool(all, learnt, shares, `${seed}/${draw}`));
    const held = pick(all, scored);
    queue(pool, held, steps).forEach(({ accuracy }, step) => (queued[step]! += accuracy / pools));
    for (let order = 0; order < orders; order++) {
      const rng = seededRng(`${seed}/${draw}/${order}`);
      const chosen = shuffled(pool.labels.length, rng).slice(0, budget);
      random += accuracyFrom(pool, chosen, held) / pools / orders;
    }
  }
  const reached = steps.find((_, step) => queued[step]! >= random) ?? null;
  const share = reached === null ? null : reached / budget;
  const saved = share === null ? 'more than as many' : `${reached}`;
  return {
    figures: { activeQueue: { share, labels: reached, randomLabels: budget, accuracy: random } },
    lines: [
      `${percent(random)} of each label right after ${budget} random labels, and after ${saved} in the order of the queue`,
    ],
  };
}

/** Some crops, with labels as often as they are in pictures. */
function drawPool(
  { labels, classes }: LabelledEmbeddings,
  from: readonly number[],
  shares: readonly number[],
  seed: string,
): number[] {
  const taken = new Float64Array(classes);
  const order = shuffled(from.length, seededRng(seed)).map((at) => from[at]!);
  return order.filter((at) => taken[labels[at]!]!++ < Math.max(3, Math.round(poolSize * shares[labels[at]!]!)));
}

function shuffled(count: number, rng: () => number): number[] {
  return Array.from({ length: count }, (_, at) => ({ at, key: rng() }))
    .sort((a, b) => a.key - b.key)
    .map(({ at }) => at);
}

function queue(pool: LabelledEmbeddings, held: LabelledEmbeddings, steps: readonly number[]): Curve[] {
  const distances = pairwiseDistances(pool.embeddings);
  let chosen = kCentres(distances, steps[0]!);
  return steps.map((labels) => {
    if (chosen.length < labels) {
      const probs = judgeFrom(pool, chosen, pool);
      const known = new Set(chosen);
      chosen =
        probs === null
          ? kCentres(distances, labels)
          : [...chosen, ...nextToLabel(distances, probs, (example) => known.has(example), labels - chosen.length)];
    }
    return { labels, accuracy: accuracyFrom(pool, chosen, held) };
  });
}

/** Probabilities of all labels by a head that learnt from some; null where these do not show two labels in two pictures each. */
function judgeFrom(
  pool: LabelledEmbeddings,
  chosen: readonly number[],
  asked: LabelledEmbeddings,
): LabelledEmbeddings['embeddings'] | null {
  const seen = Array.from({ length: pool.classes }, (_, label) => label).filter((label) => {
    return new Set(chosen.filter((at) => pool.labels[at] === label).map((at) => pool.groups[at])).size >= 2;
  });
  if (seen.length < 2) return null;
  const learnt = pick(
    pool,
    chosen.filter((at) => seen.includes(pool.labels[at]!)),
  );
  const known = { ...learnt, labels: learnt.labels.map((label) => seen.indexOf(label)), classes: seen.length };
  const head = fitHead(known, 'queue');
  const given = softmax(applyHead(head, asked.embeddings), head.temperature);
  const probs = { rows: given.rows, columns: pool.classes, data: new Float64Array(given.rows * pool.classes) };
  given.data.forEach((prob, at) => {
    probs.data[Math.floor(at / seen.length) * pool.classes + seen[at % seen.length]!] = prob;
  });
  return probs;
}

/** Mean over the labels; what cannot be learnt yet counts as one label for all. */
function accuracyFrom(pool: LabelledEmbeddings, chosen: readonly number[], held: LabelledEmbeddings): number {
  const probs = judgeFrom(pool, chosen, held);
  if (probs === null) return 1 / pool.classes;
  const [right, of] = [new Float64Array(pool.classes), new Float64Array(pool.classes)];
  held.labels.forEach((label, row) => {
    of[label]! += 1;
    if (mostProbable(probs.data.subarray(row * pool.classes, (row + 1) * pool.classes)) === label) right[label]! += 1;
  });
  const present = Array.from(of.keys()).filter((label) => of[label]! > 0);
  return present.reduce((sum, label) => sum + right[label]! / of[label]!, 0) / present.length;
}
