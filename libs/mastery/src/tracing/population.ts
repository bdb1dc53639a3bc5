import { logistic } from '../policy/logistic.js';
import { DifficultyTable, without } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import {
  FeatureRow,
  featuresOf,
  templateOf,
  templates,
  type FeatureGroup,
  type FeatureSet,
  type TracedItem,
} from './features.js';
import { afterResponse, emptyTrace, type LearnerTrace } from './learner-trace.js';
import {
  fitLogistic,
  fitPlattScale,
  logitsFrom,
  meanLogLoss,
  type PlattScale,
  type DesignMatrix,
} from './logistic-fit.js';

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

/** The probability of a right answer, and how it comes about. */
export interface TracedPrediction {
  readonly probability: number;
  /** Signed parts in logits; the logistic function of their sum is `probability`. */
  readonly terms: readonly { readonly group: FeatureGroup; readonly value: number }[];
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
  explain(trace: LearnerTrace, item: TracedItem): TracedPrediction {
    const probability = this.predict(trace, item);
    const { index, weights } = this.population;
    const sums = new Map<FeatureGroup, number>();
    for (let place = 0; place < this.row.length; place++) {
      const column = this.row.columns[place]!;
      const { group } = templates[index.templateOf(column)]!;
      sums.set(group, (sums.get(group) ?? 0) + weights[column]! * this.row.values[place]!);
    }
    return { probability, terms: [...sums].map(([group, value]) => ({ group, value })) };
  }

  /** The trace after a response. */
  learn(trace: LearnerTrace, response: TracedResponse): LearnerTrace {
    return afterResponse(trace, { ...response, expected: this.population.difficulties.of(response).expected });
  }
}

export interface FitOptions {
  /** Told after each iteration: the strength of the penalties, and the mean penalised loss of a response. */
  readonly onIteration?: (strength: number, loss: number) => void;
}

/** What penalties may be multiplied by, the strongest first; it is tried from the middle on, towards what is better. */
const strengths = [100, 30, 10, 1, 0.3] as const;
const middle = 2;

/** Iterations of a fit that only compares strengths, and of the last one. */
const iterations = { compared: 50, last: 160 } as const;

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
  const index = new FeatureIndex();
  const { strength, weights, scale } =
    histories.length < enoughToChoose ? unchosen : holdOut(histories, features, index, options);
  const { difficulties, described } = describe(histories);
  const matrix = designOf(described, index, features);
  const start = new Float64Array(index.size);
  start.set(weights);
  const fitted = fitLogistic(matrix, {
    penalty: penaltiesOf(index, features, strength),
    start,
    iterations: iterations.last,
    onIteration: (_, loss) => options.onIteration?.(strength, loss),
  }).map((weight) => weight * scale.slope);
  fitted[index.intern(templateOf('bias'))]! += scale.intercept;
  return { features, index, weights: fitted, difficulties };
}

/** What holding some learners out tells. */
interface Chosen {
  /** Of the penalties. */
  readonly strength: number;
  /** At that strength, of the learners that were not held out. */
  readonly weights: Float64Array;
  /** Logits of the held-out learners are best multiplied and moved by these. */
  readonly scale: PlattScale;
}

const unchosen: Chosen = { strength: 10, weights: new Float64Array(0), scale: { slope: 1, intercept: 0 } };

/**
 * Holds a fifth of the learners out, from the difficulties as well, fits to the others with penalties of several
 * strengths, each fit going on from the one before, and keeps the one that predicts the held-out learners best, by log
 * loss. Their predictions then give the Platt scale (J. Platt, "Probabilistic outputs for support vector machines",
 * 1999): a model is surer of new learners than it should be.
 */
function holdOut(
  histories: readonly History[],
  features: FeatureSet,
  index: FeatureIndex,
  { onIteration }: FitOptions,
): Chosen {
  const kept = histories.filter((_, learner) => learner % groups > 0);
  const heldOut = histories.filter((_, learner) => learner % groups === 0);
  const { difficulties, described } = describe(kept);
  const matrix = designOf([...described, ...heldOut.map((history) => ({ history, difficulties }))], index, features);
  const rows = kept.reduce((sum, { length }) => sum + length, 0);
  let start: Float64Array = new Float64Array(index.size);
  const at = (place: number): Chosen & { readonly loss: number } => {
    const strength = strengths[place]!;
    start = fitLogistic(matrix, {
      penalty: penaltiesOf(index, features, strength),
      rows,
      start,
      iterations: iterations.compared,
      onIteration: (_, loss) => onIteration?.(strength, loss),
    });
    const logits = logitsFrom(matrix, rows, start);
    const answers = matrix.answers.subarray(rows);
    const scale = fitPlattScale(logits, answers);
    const loss = meanLogLoss(logits, answers, scale);
    return { strength, weights: start, scale, loss };
  };
  let best = at(middle);
  for (const towards of [1, -1]) {
    let place = middle + towards;
    for (; place >= 0 && place < strengths.length; place += towards) {
      const next = at(place);
      if (next.loss >= best.loss) break;
      best = next;
    }
    if (best.strength !== strengths[middle]) break;
  }
  return best;
}

function penaltiesOf(index: FeatureIndex, features: FeatureSet, strength: number): Float64Array {
  return Float64Array.from(
    { length: index.size },
    (_, column) => strength * features.penaltyOf(index.templateOf(column)),
  );
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
