import { seededRng } from '#libs/kernel';
import { mostProbable } from './calibration.js';
import { applyHead, fitHead, foldLimits, pick, type LabelledEmbeddings } from './fit-head.js';
import { divideIntoFolds, groupsOfLabels } from './folds.js';
import { matrix, rowOf, type Matrix } from './matrix.js';
import { softmax } from './softmax-regression.js';

/** What came of leaving out one fold. */
export interface FoldOutcome {
  /** From 1. */
  readonly fold: number;
  readonly folds: number;
  readonly examples: number;
  readonly accuracy: number;
  readonly penalty: number;
  readonly temperature: number;
}

export interface CrossValidated {
  readonly folds: number;
  /** [examples, classes]: of each example by the head that was fitted without its fold. */
  readonly probs: Matrix;
}

/**
 * Nested cross-validation by groups: for each fold a head is fitted to the others, with its scale, penalty and temperature
 * chosen by cross-validation among those (Varma and Simon, "Bias in error estimation when using cross-validation for
 * model selection", 2006), and predicts the fold. So no prediction comes from anything that saw an example of its group.
 * @param onFold awaited after each; what it throws ends the work
 */
export async function crossValidate(
  examples: LabelledEmbeddings,
  seed: string,
  onFold: (outcome: FoldOutcome) => Promise<void>,
): Promise<CrossValidated> {
  const { labels, classes } = examples;
  const folds = Math.min(foldLimits.outer, ...groupsOfLabels(examples, classes));
  const assigned = divideIntoFolds(examples, folds, classes, seededRng(`${seed}/outer`));
  const probs = matrix(labels.length, classes);
  for (let fold = 0; fold < folds; fold++) {
    const [held, rest]: [number[], number[]] = [[], []];
    assigned.forEach((of, at) => (of === fold ? held : rest).push(at));
    const head = fitHead(pick(examples, rest), `${seed}/${fold}`);
    const given = softmax(applyHead(head, pick(examples, held).embeddings), head.temperature);
    held.forEach((at, row) => rowOf(probs, at).set(rowOf(given, row)));
    const right = held.filter((at) => mostProbable(rowOf(probs, at)) === labels[at]).length;
    const { penalty, temperature } = head;
    const accuracy = held.length === 0 ? 0 : right / held.length;
    await onFold({ fold: fold + 1, folds, examples: held.length, accuracy, penalty, temperature });
  }
  return { folds, probs };
}
