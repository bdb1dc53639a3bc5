import { seededRng } from '#libs/kernel';
import { calibrationLoss, fitTemperature } from './calibration.js';
import { fitFeatureScale, scaleFeatures, type FeatureScale } from './feature-scale.js';
import { divideIntoFolds, groupsOfLabels, type Grouped } from './folds.js';
import { matrix, pickRows, product, rowOf, type Matrix } from './matrix.js';
import { SoftmaxRegression, type LinearMap } from './softmax-regression.js';

/** Embeddings of labelled pictures. */
export interface LabelledEmbeddings extends Grouped {
  /** A row for each. */
  readonly embeddings: Matrix;
  readonly classes: number;
}

/** What turns an embedding into calibrated probabilities: softmax(((x − mean) · factor · weights + bias) / temperature). */
export interface Head {
  readonly scale: FeatureScale;
  readonly map: LinearMap;
  readonly temperature: number;
  /** The λ that was chosen. */
  readonly penalty: number;
}

/** Tried from the largest on; rows have a mean square length of 1, so they mean the same for every embedding. */
const penalties = [1e-2, 1e-3, 1e-4, 1e-5] as const;
/** Nats of cross-entropy by which a smaller penalty has to be better, and by which a worse one ends the search. */
const worthwhile = 0.01;
/** Folds at most: of choosing, and of measuring. */
export const foldLimits = { inner: 4, outer: 5 } as const;

/**
 * Fits a head. Penalty and temperature are chosen together, by the calibrated cross-entropy on examples of groups that were left
 * out in turn, from the largest penalty on. Scale and weights are then
 * fitted to all examples.
 * @param seed draws the folds
 */
export function fitHead(examples: LabelledEmbeddings, seed: string): Head {
  const { labels, classes, embeddings } = examples;
  const folds = Math.min(foldLimits.inner, ...groupsOfLabels(examples, classes));
  const assigned = divideIntoFolds(examples, folds, classes, seededRng(`${seed}/inner`));
  const parts = Array.from({ length: folds }, (_, fold) => withoutFold(examples, assigned, fold));
  let best = { penalty: penalties[0] as number, temperature: 1, loss: Infinity };
  for (const penalty of penalties) {
    const logits = matrix(labels.length, classes);
    for (const { held, heldFeatures, regression } of parts) {
      const { weights, bias } = regression.fit(penalty);
      const given = product(heldFeatures, weights, bias);
      held.forEach((at, row) => rowOf(logits, at).set(rowOf(given, row)));
    }
    const temperature = fitTemperature(logits, labels);
    const loss = calibrationLoss(logits, labels, temperature);
    if (loss < best.loss - worthwhile) best = { penalty, temperature, loss };
    else if (loss > best.loss + worthwhile) break;
  }
  const scale = fitFeatureScale(embeddings, labels, classes);
  const map = new SoftmaxRegression(scaleFeatures(embeddings, scale), labels, classes).fit(best.penalty);
  return { scale, map, temperature: best.temperature, penalty: best.penalty };
}

/** What is fitted without one fold, and the features of that fold. */
function withoutFold(
  examples: LabelledEmbeddings,
  assigned: readonly number[],
  fold: number,
): { held: number[]; heldFeatures: Matrix; regression: SoftmaxRegression } {
  const held = assigned.flatMap((of, at) => (of === fold ? [at] : []));
  const rest = pick(
    examples,
    assigned.flatMap((of, at) => (of === fold ? [] : [at])),
  );
  const scale = fitFeatureScale(rest.embeddings, rest.labels, rest.classes);
  return {
    held,
    heldFeatures: scaleFeatures(pickRows(examples.embeddings, held), scale),
    regression: new SoftmaxRegression(scaleFeatures(rest.embeddings, scale), rest.labels, rest.classes),
  };
}

/** Logits [examples, classes], before the temperature. */
export function applyHead({ scale, map }: Head, embeddings: Matrix): Matrix {
  return product(scaleFeatures(embeddings, scale), map.weights, map.bias);
}

/** Some of the examples. */
export function pick(examples: LabelledEmbeddings, which: readonly number[]): LabelledEmbeddings {
  return {
    ...examples,
    embeddings: pickRows(examples.embeddings, which),
    labels: which.map((at) => examples.labels[at]!),
    groups: which.map((at) => examples.groups[at]!),
  };
}
