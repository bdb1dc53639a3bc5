import { seededRng } from '#libs/kernel';
import { foldLimits, pick, type LabelledEmbeddings } from './fit-head.js';
import { divideIntoFolds, groupsOfLabels } from './folds.js';
import { matrix, rowOf, type Matrix } from './matrix.js';

/** Where the pictures of each class are in the space of embeddings, and how far from there is too far. */
export interface TopicDistance {
  /** Of each feature: what is subtracted, and what the rest is multiplied by. */
  readonly mean: Float64Array;
  readonly factor: Float64Array;
  /** [classes, features], in the measure of the factors. */
  readonly centres: Matrix;
  /** A picture that is further than this from every class shows something else. */
  readonly above: number;
}

/** Standard deviations of the logarithm above its mean at which a picture is too far: 1 of 160 where it is normal. */
const farAway = 2.5;
/** Of that deviation, which few pictures may show too small. */
const leastDeviation = 0.05;
/** Added before the root, so that its slope stays small near 0. */
export const distanceFloor = 1e-6;

/**
 * Learns the distances of pictures to their classes, by the deviations of each feature within the classes, with the mean of all
 * of them shrunk half way (Mahalanobis with a tied diagonal covariance; Lee et al., "A simple unified framework for detecting
 * out-of-distribution samples", 2018). Few examples cannot say more of some thousand features.
 *
 * What is too far is chosen by cross-validation by groups: over the distances of pictures to classes that were learnt without their
 * group, the mean of the logarithm plus {@link farAway} of its deviations.
 * @param seed draws the folds
 */
export function fitTopicDistance(examples: LabelledEmbeddings, seed: string): TopicDistance {
  const { classes } = examples;
  const folds = Math.min(foldLimits.inner, ...groupsOfLabels(examples, classes));
  const assigned = divideIntoFolds(examples, folds, classes, seededRng(`${seed}/topic`));
  const logarithms: number[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const [held, rest]: [number[], number[]] = [[], []];
    assigned.forEach((of, at) => (of === fold ? held : rest).push(at));
    const distances = topicDistances(fitCentres(pick(examples, rest)), pick(examples, held).embeddings);
    for (const distance of nearestOf(distances)) logarithms.push(Math.log(distance));
  }
  const typical = logarithms.reduce((sum, each) => sum + each, 0) / logarithms.length;
  const variance = logarithms.reduce((sum, each) => sum + (each - typical) ** 2, 0) / logarithms.length;
  const above = Math.exp(typical + farAway * Math.max(leastDeviation, Math.sqrt(variance)));
  return { ...fitCentres(examples), above: Number(above.toPrecision(4)) };
}

/** [pictures, classes]: distances, where 1 is about what deviations within a class come to. */
export function topicDistances({ mean, factor, centres }: Omit<TopicDistance, 'above'>, embeddings: Matrix): Matrix {
  const distances = matrix(embeddings.rows, centres.rows);
  for (let row = 0; row < embeddings.rows; row++) {
    const given = rowOf(embeddings, row).map((value, column) => (value - mean[column]!) * factor[column]!);
    for (let label = 0; label < centres.rows; label++) {
      const centre = rowOf(centres, label);
      let sum = 0;
      for (let column = 0; column < given.length; column++) sum += (given[column]! - centre[column]!) ** 2;
      rowOf(distances, row)[label] = Math.sqrt(sum + distanceFloor);
    }
  }
  return distances;
}

/** Of each picture the distance to the nearest class. */
export function nearestOf(distances: Matrix): number[] {
  return Array.from({ length: distances.rows }, (_, row) => Math.min(...rowOf(distances, row)));
}

function fitCentres({ embeddings, labels, classes }: LabelledEmbeddings): Omit<TopicDistance, 'above'> {
  const { rows, columns } = embeddings;
  const counts = new Float64Array(classes);
  const centres = matrix(classes, columns);
  const mean = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    counts[labels[row]!]! += 1;
    const centre = rowOf(centres, labels[row]!);
    rowOf(embeddings, row).forEach((value, column) => {
      centre[column]! += value;
      mean[column]! += value / rows;
    });
  }
  for (let label = 0; label < classes; label++) {
    const centre = rowOf(centres, label);
    centre.forEach((sum, column) => (centre[column] = counts[label] === 0 ? mean[column]! : sum / counts[label]!));
  }
  const within = new Float64Array(columns);
  for (let row = 0; row < rows; row++) {
    const centre = rowOf(centres, labels[row]!);
    rowOf(embeddings, row).forEach((value, column) => {
      within[column]! += (value - centre[column]!) ** 2 / Math.max(1, rows - classes);
    });
  }
  const typical = within.reduce((sum, each) => sum + each, 0) / columns;
  const factor = within.map((each) => {
    const spread = Math.sqrt((each + typical) / 2);
    return spread === 0 ? 0 : 1 / (spread * Math.sqrt(columns));
  });
  for (let label = 0; label < classes; label++) {
    const centre = rowOf(centres, label);
    centre.forEach((value, column) => (centre[column] = (value - mean[column]!) * factor[column]!));
  }
  return { mean, factor, centres };
}
