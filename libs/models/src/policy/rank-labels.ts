import type { LabelProbability } from '../model/judgement.js';

/** Labels with their probabilities, most probable first; of equal ones the order of the labels. */
export function rankLabels(labels: readonly string[], probabilities: ArrayLike<number>): LabelProbability[] {
  return labels
    .map((label, index) => ({ label, probability: probabilities[index] ?? 0 }))
    .sort((a, b) => b.probability - a.probability);
}
