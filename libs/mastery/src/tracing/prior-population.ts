import { DifficultyTable } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import { attuneFeatures, templateOf } from './features.js';
import type { Population } from './population.js';
import { priorWeights } from './prior-weights.js';

/** Number of the snapshot that every course begins with. */
export const priorSnapshot = 1;

/**
 * What is known before anybody has answered in a course: what answers of other learners, elsewhere, have in common. Its
 * items are as difficult as their authors say.
 */
export function priorPopulation(): Population {
  const index = new FeatureIndex();
  const weights = Float64Array.from(priorWeights, ([name, a, b, weight]) => {
    index.intern(templateOf(name), a, b);
    return weight;
  });
  return { features: attuneFeatures, index, weights, difficulties: new DifficultyTable() };
}
