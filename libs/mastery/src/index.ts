export * from './model/mastery-state.js';
export * from './policy/elo.js';
export { EloTracer } from './tracing/elo-tracer.js';
export { attuneFeatures, bestLr, type FeatureSet, type TracedItem } from './tracing/features.js';
export { emptyTrace, type LearnerTrace } from './tracing/learner-trace.js';
export { compareAuc, qualityOf, type AucDifference, type CalibrationBin, type Quality } from './tracing/metrics.js';
export {
  fitPopulation,
  OnlineLearner,
  Tracer,
  type History,
  type Population,
  type TracedPrediction,
  type TracedResponse,
} from './tracing/population.js';
