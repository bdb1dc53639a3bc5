import {
  attuneFeatures,
  bestLr,
  compareAuc,
  emptyElo,
  emptyTrace,
  fitPopulation,
  EloTracer,
  OnlineLearner,
  qualityOf,
  Tracer,
  type AucDifference,
  type FeatureSet,
  type History,
  type Population,
  type Quality,
  type TracedResponse,
} from '#libs/mastery';
import { seededRng } from '#libs/kernel';
import type { Dataset } from './datasets.js';
import type { MasteryModel } from './mastery-flags.js';

export interface EvaluateMasteryOptions {
  readonly train: Dataset;
  readonly test: Dataset;
  readonly model: MasteryModel;
  /** One pass in a random order of learners, response by response, instead of a fit; then the weights are held. */
  readonly online: boolean;
  /** Compares with Best-LR by a paired bootstrap over learners. */
  readonly compare: boolean;
  readonly seed: string;
  /** Told of the fit: what is done, 0 to 1. */
  readonly onProgress: (share: number, what: string) => void;
}

export interface MasteryEvaluation extends Quality {
  readonly model: MasteryModel;
  readonly online: boolean;
  readonly trainStudents: number;
  readonly trainInteractions: number;
  readonly students: number;
  readonly interactions: number;
  /** Median time of one prediction and update, in microseconds. */
  readonly microsPerUpdate: number;
  readonly fitSeconds: number;
  /** Against Best-LR; null where it was not asked for. */
  readonly againstBestLr: AucDifference | null;
}

/** Follows one learner: predicts each response before it is told what it was. */
type Follower = (response: TracedResponse) => number;

/** Fits a model to the learners in training and scores it on the others, once. */
export function evaluateMastery(options: EvaluateMasteryOptions): MasteryEvaluation {
  const { train, test, model, online } = options;
  const started = performance.now();
  const followed = fit(model, options);
  const fitSeconds = (performance.now() - started) / 1000;
  options.onProgress(1, 'scoring');
  const scored = score(test, followed);
  const againstBestLr = options.compare
    ? compareAuc(
        scored.answers,
        scored.learners,
        scored.predictions,
        score(test, fit('bestlr', { ...options, online: false })).predictions,
        { rng: seededRng(`${options.seed}/bootstrap`) },
      )
    : null;
  return {
    ...qualityOf(scored.answers, scored.predictions),
    model,
    online,
    trainStudents: train.histories.length,
    trainInteractions: countResponses(train),
    students: test.histories.length,
    interactions: countResponses(test),
    microsPerUpdate: medianOf(scored.micros),
    fitSeconds,
    againstBestLr,
  };
}

function fit(model: MasteryModel, options: EvaluateMasteryOptions): () => Follower {
  const { histories } = options.train;
  if (model === 'elo') {
    const tracer = new EloTracer();
    tracer.fit(histories);
    return () => {
      let state = emptyElo();
      return (response) => {
        const next = tracer.step(state, response);
        ({ state } = next);
        return next.probability;
      };
    };
  }
  const features = model === 'bestlr' ? bestLr : attuneFeatures;
  const population = options.online ? passOver(histories, features, options) : fitted(histories, features, options);
  const tracer = new Tracer(population);
  return () => {
    let trace = emptyTrace();
    return (response) => {
      const probability = tracer.predict(trace, response);
      trace = tracer.learn(trace, response);
      return probability;
    };
  };
}

function fitted(histories: readonly History[], features: FeatureSet, options: EvaluateMasteryOptions): Population {
  let iteration = 0;
  return fitPopulation(histories, features, {
    onIteration: (strength, loss) => {
      // Nobody knows how many there will be: the bar nears its end without reaching it.
      const share = 1 - Math.exp(-iteration++ / 60);
      options.onProgress(share, `fitting ${features.name}, penalties × ${strength}, loss ${loss.toFixed(5)}`);
    },
  });
}

/** Learners come in a random order. */
function passOver(histories: readonly History[], features: FeatureSet, options: EvaluateMasteryOptions): Population {
  const rng = seededRng(`${options.seed}/order`);
  const order = histories.map((history) => ({ history, at: rng() })).sort((a, b) => a.at - b.at);
  const learner = new OnlineLearner(features);
  for (const [place, { history }] of order.entries()) {
    let trace = emptyTrace();
    for (const response of history) ({ trace } = learner.step(trace, response));
    options.onProgress(place / order.length, 'one pass');
  }
  return learner.population();
}

function score(
  { histories, skipsFirst }: Dataset,
  follow: () => Follower,
): { answers: Uint8Array; predictions: Float64Array; learners: Int32Array; micros: Float64Array } {
  const from = skipsFirst ? 1 : 0;
  const n = histories.reduce((sum, { length }) => sum + Math.max(0, length - from), 0);
  const scored = {
    answers: new Uint8Array(n),
    predictions: new Float64Array(n),
    learners: new Int32Array(n),
    micros: new Float64Array(n),
  };
  let at = 0;
  for (const [learner, history] of histories.entries()) {
    const follower = follow();
    for (const [step, response] of history.entries()) {
      const before = performance.now();
      const probability = follower(response);
      const took = (performance.now() - before) * 1000;
      if (step < from) continue;
      scored.answers[at] = response.right;
      scored.predictions[at] = probability;
      scored.learners[at] = learner;
      scored.micros[at++] = took;
    }
  }
  return scored;
}

function countResponses({ histories }: Dataset): number {
  return histories.reduce((sum, { length }) => sum + length, 0);
}

function medianOf(values: Float64Array): number {
  return values.slice().sort()[Math.floor(values.length / 2)] ?? NaN;
}
