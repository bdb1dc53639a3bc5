import type { Rng } from '#libs/kernel';
import { matchFound } from './average-precision.js';
import { binEdges, binFeatures, chance, fitBoostedTrees, sumOfTrees, type BoostedTrees } from './boosted-trees.js';
import { cellSide, meanOver, plainChannels, type Channels } from './channels.js';
import { overlapOf, sharedArea, suppressDoubles, type FoundBox, type LabelledBox } from './found-box.js';

/** A box that may be one: what several places say of it together. */
export interface Candidate extends FoundBox {
  /** Sum of the scores of the places that say about the same. */
  readonly votes: number;
}

/** The candidates of a picture, each with what it is judged by. */
export interface DescribedCandidates {
  readonly candidates: readonly Candidate[];
  /** Row after row. */
  readonly features: Float32Array;
}

/** By label, how likely a candidate is right. */
export type CandidateModel = ReadonlyMap<string, BoostedTrees>;

/** Overlaps: above it, of two candidates the weaker one goes; of boxes that say the same. */
const [most, same] = [0.5, 0.6];
/** Boxes by side that a candidate is divided into, and how much around it is looked at. */
const [parts, margin] = [5, 0.1];
const boosting = {
  loss: 'logistic',
  rounds: 150,
  depth: 4,
  rate: 0.06,
  rowShare: 0.6,
  columnShare: 0.2,
  leastWeight: 3,
} as const;

/** Brings boxes that say the same together: their mean by the squares of their scores, at the place of the surest. */
export function candidatesOf(found: readonly FoundBox[]): Candidate[] {
  return suppressDoubles(found, most).map((kept) => {
    const agreeing = found.filter((box) => box.label === kept.label && overlapOf(box, kept) > same);
    const weight = agreeing.reduce((sum, { score }) => sum + score ** 2, 0);
    const mean = (of: (box: FoundBox) => number): number =>
      agreeing.reduce((sum, box) => sum + of(box) * box.score ** 2, 0) / weight;
    return {
      ...kept,
      x: mean((box) => box.x),
      y: mean((box) => box.y),
      width: mean((box) => box.width),
      height: mean((box) => box.height),
      votes: agreeing.reduce((sum, { score }) => sum + score, 0),
    };
  });
}

/** Describes candidates: what is in and around each, how they agree with one another, and the picture as a whole. */
export function describeCandidates(candidates: readonly Candidate[], channels: Channels): DescribedCandidates {
  const [width, height] = [channels.columns * cellSide, channels.rows * cellSide];
  const whole = channels.sums.map((_, channel) => meanOver(channels, channel, 0, 0, channels.columns, channels.rows));
  const rows = candidates.map((own) => {
    const others = candidates.filter((other) => other !== own);
    const alike = others.filter(({ label }) => label === own.label);
    const area = own.width * own.height;
    const strongest = alike
      .filter(({ score }) => score >= own.score)
      .reduce<{ overlap: number; score: number }>(
        (best, other) => {
          const overlap = overlapOf(own, other);
          return overlap > best.overlap ? { overlap, score: other.score } : best;
        },
        { overlap: 0, score: 0 },
      );
    const covered = (by: readonly Candidate[]): number =>
      by.reduce((sum, other) => sum + (other.score * sharedArea(own, other)) / area, 0);
    return [
      logOdds(own.score),
      own.votes,
      own.votes / area,
      own.width,
      own.height,
      own.width / own.height,
      own.x,
      own.y,
      width - own.x - own.width,
      height - own.y - own.height,
      strongest.overlap,
      strongest.score,
      covered(alike),
      covered(others) - covered(alike),
      alike.length,
      alike.reduce((sum, { score }) => sum + score, 0),
      alike.filter(({ score }) => score > own.score).length,
      ...inside(own, channels),
      ...whole.slice(0, plainChannels),
    ];
  });
  return { candidates, features: Float32Array.from(rows.flat()) };
}

/** Means of the plain channels by part, around the box, and of votes in its middle. */
function inside({ x, y, width, height }: FoundBox, channels: Channels): number[] {
  const [left, top] = [(x - width * margin) / cellSide, (y - height * margin) / cellSide];
  const [across, down] = [
    (width * (1 + 2 * margin)) / cellSide / parts,
    (height * (1 + 2 * margin)) / cellSide / parts,
  ];
  const means: number[] = [];
  for (let channel = 0; channel < plainChannels; channel++) {
    for (let row = 0; row < parts; row++) {
      for (let column = 0; column < parts; column++) {
        const [partLeft, partTop] = [left + column * across, top + row * down];
        means.push(meanOver(channels, channel, partLeft, partTop, partLeft + across, partTop + down));
      }
    }
  }
  const [middleX, middleY] = [(x + width / 2) / cellSide, (y + height / 2) / cellSide];
  for (let channel = plainChannels; channel < channels.sums.length; channel++) {
    means.push(meanOver(channels, channel, middleX - 2, middleY - 2, middleX + 2, middleY + 2));
  }
  return means;
}

function logOdds(share: number): number {
  return Math.log(share / (1 - Math.min(share, 1 - 1e-7)));
}

/**
 * Learns which candidates are right: those that are matched to a true box. The candidates have to come from a model that did not
 * learn from their pictures.
 */
export function fitCandidates(
  pictures: readonly { readonly described: DescribedCandidates; readonly true: readonly LabelledBox[] }[],
  labels: readonly string[],
  rng: Rng,
): CandidateModel {
  const judged = pictures.flatMap(({ described: { candidates, features }, true: boxes }) => {
    const matched = matchFound({ found: candidates, true: boxes });
    const columns = features.length / Math.max(1, candidates.length);
    return candidates.map(({ label }, at) => {
      return { label, isRight: matched[at] !== null, row: features.subarray(at * columns, (at + 1) * columns) };
    });
  });
  return new Map(
    labels.map((label) => {
      const own = judged.filter((each) => each.label === label);
      const columns = own[0]?.row.length ?? 0;
      const rows = new Float32Array(own.length * columns);
      own.forEach(({ row }, at) => rows.set(row, at * columns));
      const targets = Float32Array.from(own, ({ isRight }) => (isRight ? 1 : 0));
      const features = binFeatures(rows, columns, binEdges(rows, columns));
      return [label, fitBoostedTrees(features, targets, { ...boosting, rng })] as const;
    }),
  );
}

/** The candidates with how likely each is right as its score. */
export function judgeCandidates(model: CandidateModel, { candidates, features }: DescribedCandidates): FoundBox[] {
  const columns = features.length / Math.max(1, candidates.length);
  return candidates.map(({ label, x, y, width, height }, at) => {
    const trees = model.get(label);
    const score = trees === undefined ? 0 : chance(sumOfTrees(trees, features, at * columns));
    return { label, x, y, width, height, score };
  });
}
