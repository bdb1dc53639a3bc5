export * from './memory/fit-memory.js';
export * from './memory/memory.js';
export type { RecalledAnswer } from './memory/review-history.js';
export * from './model/elo-state.js';
export * from './model/mastery-state.js';
export type { AnsweredItem, MasteryChange, StudentModel, Updated } from './model/student-model.js';
export * from './policy/bkt.js';
export * from './policy/elo.js';
export { modelOf } from './policy/model-of.js';
export { EloTracer } from './tracing/elo-tracer.js';
export { attuneFeatures, bestLr, generalFeatures, type FeatureSet, type TracedItem } from './tracing/features.js';
export { emptyTrace, type LearnerTrace } from './tracing/learner-trace.js';
export {
  aucInterval,
  compareAuc,
  qualityOf,
  type AucDifference,
  type AucInterval,
  type CalibrationBin,
  type Quality,
} from './tracing/metrics.js';
export {
  fitPopulation,
  OnlineLearner,
  qualityFor,
  Tracer,
  type History,
  type Population,
  type TracedResponse,
} from './tracing/population.js';
export {
  decodeOnlineMemory,
  decodePopulation,
  encodeOnlineMemory,
  encodePopulation,
} from './tracing/population-codec.js';
export type { OnlineMemory } from './tracing/online-learner.js';
export { priorPopulation, priorSnapshot } from './tracing/prior-population.js';
export { skillsOf, StreamedModel, type StreamedModelOptions } from './tracing/streamed-model.js';
