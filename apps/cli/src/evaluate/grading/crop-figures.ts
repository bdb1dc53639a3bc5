import sharp from 'sharp';
import {
  fitTopicDistance,
  nearestOf,
  pick,
  topicDistances,
  type HeadExample,
  type LabelledEmbeddings,
} from '#libs/training';
import { balanced, drawExamples, judge, shareRight, surestOf } from '../evaluate-head.js';
import type { GradingEvaluation, OnProgress, WorstCase } from './grading-evaluation.js';

/** Crops as embeddings, and which of them are what. */
export interface EmbeddedCrops {
  readonly all: LabelledEmbeddings;
  /** In their order. */
  readonly labels: readonly string[];
  /** To draw from, to be scored on, and pictures of other things. */
  readonly learnt: readonly number[];
  readonly scored: readonly number[];
  readonly others: readonly number[];
}

/** How often examples are drawn. */
const draws = 20;
const shownMistakes = 12;

/** Tells crops by heads that were fitted to so many of each label, drawn again and again, and other things by their distance. */
export async function measureCrops(
  { all, labels, learnt, scored, others }: EmbeddedCrops,
  crops: readonly HeadExample[],
  labelsPerClass: number,
  seed: string,
  onProgress: OnProgress,
): Promise<GradingEvaluation> {
  const pool = pick(all, learnt);
  const outcomes = Array.from({ length: draws }, (_, draw) => {
    onProgress(draw / draws, `heads from ${labelsPerClass} of each label`);
    const drawn = drawExamples(pool, labelsPerClass, `${seed}/${draw}`).drawn.map((at) => learnt[at]!);
    const { rows } = judge(all, drawn, scored);
    const topic = fitTopicDistance(pick(all, drawn), 'measured');
    const distances = (which: readonly number[]): number[] =>
      nearestOf(topicDistances(topic, pick(all, which).embeddings));
    const [own, other] = [distances(scored), distances(others)];
    return {
      rows,
      accuracy: shareRight(rows),
      balanced: balanced(rows, all.classes),
      surest: shareRight(surestOf(rows)),
      auroc: areaUnderRoc(own, other),
      flagged: own.filter((distance) => distance > topic.above).length / own.length,
      missed: other.filter((distance) => distance <= topic.above).length / other.length,
    };
  });
  const mean = (of: (outcome: (typeof outcomes)[number]) => number): number =>
    outcomes.reduce((sum, outcome) => sum + of(outcome), 0) / draws;
  const accuracy = mean((each) => each.accuracy);
  const lowest = Math.min(...outcomes.map((each) => each.accuracy));
  const surest80 = mean(({ surest }) => surest);
  const offTopic = {
    auroc: mean((each) => each.auroc),
    flagged: mean((each) => each.flagged),
    missed: mean((each) => each.missed),
  };
  const wrong = crops
    .map((crop, at) => ({
      crop,
      mistakes: outcomes.flatMap(({ rows }) => (rows[at]!.isRight ? [] : [rows[at]!.given])),
    }))
    .filter(({ mistakes }) => mistakes.length > 0)
    .sort((a, b) => b.mistakes.length - a.mistakes.length)
    .slice(0, shownMistakes);
  return {
    figures: {
      labelsPerClass,
      accuracy,
      lowestAccuracy: lowest,
      balancedAccuracy: mean((each) => each.balanced),
      surest80,
      offTopic,
    },
    lines: [
      `${scored.length} crops of ${labels.length} labels by heads from ${labelsPerClass} of each, means of ${draws} draws: ` +
        `${percent(accuracy)} right (${percent(lowest)} at least), ${percent(surest80)} of the surest four fifths`,
      `${others.length} pictures of other things: AUROC ${offTopic.auroc.toFixed(4)}; ${percent(offTopic.flagged)} of the ` +
        `crops taken for other things, ${percent(offTopic.missed)} of these for crops`,
    ],
    worst: await Promise.all(
      wrong.map(({ crop, mistakes }) =>
        mistake(
          crop,
          mistakes.map((given) => labels[given]!),
        ),
      ),
    ),
  };
}

/** The share of pairs in which the second is larger; of equal ones, half. */
export function areaUnderRoc(negatives: readonly number[], positives: readonly number[]): number {
  const all = [
    ...negatives.map((value) => ({ value, isPositive: false })),
    ...positives.map((value) => ({ value, isPositive: true })),
  ].sort((a, b) => a.value - b.value);
  let [pairs, below] = [0, 0];
  for (let at = 0; at < all.length;) {
    const equal = all.slice(at).findIndex(({ value }) => value !== all[at]!.value);
    const group = all.slice(at, equal === -1 ? all.length : at + equal);
    const positive = group.filter(({ isPositive }) => isPositive).length;
    pairs += positive * (below + (group.length - positive) / 2);
    below += group.length - positive;
    at += group.length;
  }
  return pairs / (negatives.length * positives.length);
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

async function mistake({ picture, label, group }: HeadExample, given: readonly string[]): Promise<WorstCase> {
  const { width, height } = await sharp(picture).metadata();
  return {
    title: `${label}, cut out of ${group ?? 'a picture'}`,
    facts: [`taken for ${[...new Set(given)].join(' or ')} in ${given.length} of ${draws} draws`],
    picture: { bytes: picture, mediaType: 'image/png' },
    width,
    height,
    shapes: [],
  };
}
