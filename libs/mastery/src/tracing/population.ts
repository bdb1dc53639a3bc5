import type { Prediction } from '../model/mastery-state.js';
import { logistic } from '../policy/logistic.js';
import { DifficultyTable, without } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import { FeatureRow, featuresOf, templateOf, type FeatureSet, type TracedItem } from './features.js';
import { afterResponse, emptyTrace, type LearnerTrace } from './learner-trace.js';
import {
  fitLogistic,
  fitPlattScale,
  logitsFrom,
  meanLogLoss,
  type PlattScale,
  type DesignMatrix,
} from './logistic-fit.js';
import { qualityOf, type Quality } from './metrics.js';

export { OnlineLearner, type OnlineOptions } from './online-learner.js';

/** One answer in a learner's history; `at`, where there is a clock, is when it was given. */
export interface TracedResponse extends TracedItem {
  readonly right: 0 | 1;
}

/** What a learner did, in order. */
export type History = readonly TracedResponse[];

/** What many learners taught: which features there are, what each weighs in logits, how difficult each item is. */
export interface Population {
  readonly features: FeatureSet;
  readonly index: FeatureIndex;
  readonly weights: Float64Array;
  readonly difficulties: DifficultyTable;
}

/** Follows learners by the weights of one population. */
export class Tracer {
  private readonly row: FeatureRow;

  constructor(private readonly population: Population) {
    this.row = new FeatureRow(population.index, population.features, false);
  }

  /** Probability of a right answer, 0 to 1. */
  predict(trace: LearnerTrace, item: TracedItem): number {
    const { weights, difficulties } = this.population;
    featuresOf(this.row, trace, item, difficulties.of(item));
    return logistic(this.row.dot(weights));
  }

  /** The same with its parts. */
  explain(trace: LearnerTrace, item: TracedItem): Prediction {
    return { probability: this.predict(trace, item), terms: this.row.termsBy(this.population.weights) };
  }

  /** The trace after a response. */
  learn(trace: LearnerTrace, response: TracedResponse): LearnerTrace {
    return afterResponse(trace, { ...response, expected: this.population.difficulties.of(response).expected });
  }
}

/** How well a population predicts the answers of learners whom it follows from their first one. */
export function qualityFor(population: Population, histories: readonly History[]): Quality {
  const tracer = new Tracer(population);
  const answers: number[] = [];
  const predictions: number[] = [];
  for (const history of histories) {
    let trace = emptyTrace();
    for (const response of history) {
      predictions.push(tracer.predict(trace, response));
      answers.push(response.right);
      trace = tracer.learn(trace, response);
    }
  }
  return qualityOf(Uint8Array.from(answers), Float64Array.from(predictions));
}

export interface FitOptions {
  /** What is known already: weights are held back towards its weights instead of 0. */
  readonly prior?: Pick<Population, 'index' | 'weights'>;
  /** Told after each iteration: the strength of the penalties, and the mean penalised loss of a response. */
  readonly onIteration?: (strength: number, loss: number) => void;
}

/** What penalties may be multiplied by, the strongest first; it is tried from the middle on, towards what is better. */
const strengths = [100, 30, 10, 1, 0.3] as const;
/** The same for the penalties of pairs of items, on top of that. */
const strengthsOfPairs = [4, 1, 0.25, 0.06] as const;

/** Iterations of the first fit that only compares strengths, of those that go on from it, and of the last one. */
const iterations = { first: 50, compared: 25, last: 160 } as const;

/** Fewer learners choose nothing: too few would be held out. */
const enoughToChoose = 10;

/**
 * Fits the weights to the histories of many learners. How strongly weights are held back, and how far the predictions
 * have to be drawn together so that they mean what they say, depends on the data: see {@link holdOut}. Deterministic.
 */
export function fitPopulation(
  histories: readonly History[],
  features: FeatureSet,
  options: FitOptions = {},
): Population {
  const { prior } = options;
  const index = prior === undefined ? new FeatureIndex() : copyOf(prior.index);
  const { strength, weights, scale } =
    histories.length < enoughToChoose ? unchosen : holdOut(histories, features, index, options);
  const { difficulties, described } = describe(histories);
  const matrix = withPrior(designOf(described, index, features), prior?.weights);
  const start = new Float64Array(index.size);
  start.set(weights);
  const fitted = fitLogistic(matrix, {
    penalty: penaltiesOf(index, features, strength),
    start,
    iterations: iterations.last,
    onIteration: (_, loss) => options.onIteration?.(strength.all, loss),
  }).map((weight, column) => (weight + (prior?.weights[column] ?? 0)) * scale.slope);
  fitted[index.intern(templateOf('bias'))]! += scale.intercept;
  return { features, index, weights: fitted, difficulties };
}

/** What penalties are multiplied by: all of them, and those of pairs of items once more. */
interface Strength {
  readonly all: number;
  readonly pairs: number;
}

/** What holding some learners out tells. */
interface Chosen {
  readonly strength: Strength;
  /** At that strength, of the learners that were not held out. */
  readonly weights: Float64Array;
  /** Logits of the held-out learners are best multiplied and moved by these. */
  readonly scale: PlattScale;
}

const unchosen: Chosen = {
  strength: { all: 10, pairs: 1 },
  weights: new Float64Array(0),
  scale: { slope: 1, intercept: 0 },
};

/**
 * Holds a fifth of the learners out, from the difficulties as well, fits to the others with penalties of several
 * strengths, each fit going on from the best before, and keeps the one that predicts the held-out learners best, by log
 * loss: first of all penalties, then of those of pairs of items, which come again often in one place and hardly ever in
 * another. Their predictions then give the Platt scale (J. Platt, "Probabilistic outputs for support vector machines",
 * 1999): a model is surer of new learners than it should be.
 */
function holdOut(
  histories: readonly History[],
  features: FeatureSet,
  index: FeatureIndex,
  { onIteration, prior }: FitOptions,
): Chosen {
  const kept = histories.filter((_, learner) => learner % groups > 0);
  const heldOut = histories.filter((_, learner) => learner % groups === 0);
  const { difficulties, described } = describe(kept);
  const learners = [...described, ...heldOut.map((history) => ({ history, difficulties }))];
  const matrix = withPrior(designOf(learners, index, features), prior?.weights);
  const rows = kept.reduce((sum, { length }) => sum + length, 0);
  const at = (strength: Strength, start?: Float64Array): Tried => {
    const weights = fitLogistic(matrix, {
      penalty: penaltiesOf(index, features, strength),
      rows,
      start,
      iterations: start === undefined ? iterations.first : iterations.compared,
      onIteration: (_, loss) => onIteration?.(strength.all, loss),
    });
    const logits = logitsFrom(matrix, rows, weights);
    const answers = matrix.answers.subarray(rows);
    const scale = fitPlattScale(logits, answers);
    const loss = meanLogLoss(logits, answers, scale);
    return { strength, weights, scale, loss };
  };
  const chosen = bestFrom(at({ all: 10, pairs: 1 }), 'all', strengths, at);
  return features.has(templateOf('item transfer')) ? bestFrom(chosen, 'pairs', strengthsOfPairs, at) : chosen;
}

interface Tried extends Chosen {
  /** Of the held-out learners. */
  readonly loss: number;
}

/** Walks from one strength to the next weaker ones as long as that is better; where it is not, to the stronger ones. */
function bestFrom(
  first: Tried,
  which: keyof Strength,
  scale: readonly number[],
  at: (strength: Strength, start: Float64Array) => Tried,
): Tried {
  const begin = scale.indexOf(first.strength[which]);
  let best = first;
  for (const towards of [1, -1]) {
    for (let place = begin + towards; place >= 0 && place < scale.length; place += towards) {
      const next = at({ ...best.strength, [which]: scale[place]! }, best.weights);
      if (next.loss >= best.loss) break;
      best = next;
    }
    if (best !== first) break;
  }
  return best;
}

/** The same rows, with what the prior says of each as an offset: what is fitted to them is the difference to the prior. */
function withPrior(matrix: DesignMatrix, prior: Float64Array | undefined): DesignMatrix {
  if (prior === undefined) return matrix;
  const weights = new Float64Array(matrix.width);
  weights.set(prior);
  return { ...matrix, offsets: logitsFrom(matrix, 0, weights) };
}

/** An index with the same columns, which may grow by itself. */
function copyOf(index: FeatureIndex): FeatureIndex {
  const copy = new FeatureIndex();
  for (let column = 0; column < index.size; column++) {
    const { template, a, b } = index.featureOf(column);
    copy.intern(template, a, b);
  }
  return copy;
}

function penaltiesOf(index: FeatureIndex, features: FeatureSet, { all, pairs }: Strength): Float64Array {
  const ofPairs = templateOf('item transfer');
  return Float64Array.from({ length: index.size }, (_, column) => {
    const template = index.templateOf(column);
    return all * features.penaltyOf(template) * (template === ofPairs ? pairs : 1);
  });
}

/** Learners are dealt into so many groups. */
const groups = 5;

/** A history, and the difficulties by which its responses are described. */
interface DescribedHistory {
  readonly history: History;
  readonly difficulties: DifficultyTable;
}

/** Difficulties by all learners, and each history with those by the learners outside of its own group. */
function describe(histories: readonly History[]): {
  difficulties: DifficultyTable;
  described: readonly DescribedHistory[];
} {
  const difficulties = new DifficultyTable();
  const parts = Array.from({ length: groups }, () => new DifficultyTable());
  for (const [learner, history] of histories.entries()) {
    for (const response of history) {
      difficulties.add(response, response.right);
      parts[learner % groups]!.add(response, response.right);
    }
  }
  const others = parts.map((part) => without(difficulties, part));
  const described = histories.map((history, learner) => ({ history, difficulties: others[learner % groups]! }));
  return { difficulties, described };
}

/** Describes every response of the histories; features that are new to the index get a column. */
function designOf(learners: readonly DescribedHistory[], index: FeatureIndex, features: FeatureSet): DesignMatrix {
  const rows = learners.reduce((sum, { history }) => sum + history.length, 0);
  const starts = new Int32Array(rows + 1);
  const answers = new Uint8Array(rows);
  let columns = new Int32Array(rows * 64);
  let values = new Float32Array(rows * 64);
  let filled = 0;
  let at = 0;
  const row = new FeatureRow(index, features, true);
  for (const { history, difficulties } of learners) {
    let trace = emptyTrace();
    for (const response of history) {
      const difficulty = difficulties.of(response);
      featuresOf(row, trace, response, difficulty);
      if (filled + row.length > columns.length) {
        columns = widened(columns, new Int32Array(columns.length * 2));
        values = widened(values, new Float32Array(values.length * 2));
      }
      columns.set(row.columns.subarray(0, row.length), filled);
      values.set(row.values.subarray(0, row.length), filled);
      filled += row.length;
      answers[at++] = response.right;
      starts[at] = filled;
      trace = afterResponse(trace, { ...response, expected: difficulty.expected });
    }
  }
  return {
    columns: columns.subarray(0, filled),
    values: values.subarray(0, filled),
    starts,
    answers,
    width: index.size,
  };
}

function widened<A extends Int32Array | Float32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
