import { DifficultyTable, without } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import {
  FeatureRow,
  featuresOf,
  templates,
  type Difficulty,
  type FeatureGroup,
  type FeatureSet,
  type TracedItem,
} from './features.js';
import { afterResponse, emptyTrace, type LearnerTrace } from './learner-trace.js';
import { fitLogistic, type DesignMatrix } from './logistic-fit.js';

/** One answer in a learner's history. */
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
  readonly iterations?: number;
  /** Told after each iteration: its number, and the mean loss of a response. */
  readonly onIteration?: (iteration: number, loss: number) => void;
}

/** Learners are dealt into so many groups; the difficulties that a group is described by come from the others. */
const groups = 5;

/** Fits the weights to the histories of many learners. Deterministic. */
export function fitPopulation(
  histories: readonly History[],
  features: FeatureSet,
  options: FitOptions = {},
): Population {
  const { difficulties, ofGroup } = difficultiesOf(histories);
  const index = new FeatureIndex();
  const matrix = designOf(histories, index, features, (learner) => ofGroup[learner % groups]!);
  const penalty = Float64Array.from({ length: index.size }, (_, column) =>
    features.penaltyOf(index.templateOf(column)),
  );
  return { features, index, weights: fitLogistic(matrix, { ...options, penalty }), difficulties };
}

export interface OnlineOptions {
  /** η, the length of a step. */
  readonly rate?: number;
}

/**
 * Learns weights and difficulties response by response, as a live service does: predicts, then
 * w_j ← w_j − η g_j / √h_j with h_j ← h_j + g_j², from 1 (AdaGrad, Duchi et al., JMLR 12, 2011). Features, items and
 * skills are new when they first come.
 */
export class OnlineLearner {
  private readonly index = new FeatureIndex();
  private readonly difficulties = new DifficultyTable();
  private readonly row: FeatureRow;
  private readonly rate: number;
  private weights = new Float64Array(1 << 12);
  private squares = new Float64Array(1 << 12).fill(1);

  constructor(
    private readonly features: FeatureSet,
    { rate = 0.03 }: OnlineOptions = {},
  ) {
    this.rate = rate;
    this.row = new FeatureRow(this.index, features, true);
    this.weights[this.index.intern(0)] = Math.log(0.65 / 0.35);
  }

  /** Predicts a response and learns from it; gives the prediction and the learner's next trace. */
  step(trace: LearnerTrace, response: TracedResponse): { readonly probability: number; readonly trace: LearnerTrace } {
    const { row, index, difficulties } = this;
    const difficulty = difficulties.now(response);
    featuresOf(row, trace, response, difficulty);
    if (index.size > this.weights.length) this.widen();
    const probability = logistic(row.dot(this.weights));
    const error = probability - response.right;
    for (let place = 0; place < row.length; place++) {
      const column = row.columns[place]!;
      const gradient = error * row.values[place]!;
      this.squares[column]! += gradient * gradient;
      this.weights[column]! -= (this.rate * gradient) / Math.sqrt(this.squares[column]!);
    }
    difficulties.add(response, response.right);
    return { probability, trace: afterResponse(trace, { ...response, expected: difficulty.expected }) };
  }

  /** What was learnt so far. It must not be used any more once the learner goes on. */
  population(): Population {
    return {
      features: this.features,
      index: this.index,
      weights: this.weights.subarray(0, this.index.size),
      difficulties: this.difficulties,
    };
  }

  private widen(): void {
    let { length } = this.weights;
    while (length < this.index.size) length *= 2;
    const weights = new Float64Array(length);
    weights.set(this.weights);
    const squares = new Float64Array(length).fill(1);
    squares.set(this.squares);
    this.weights = weights;
    this.squares = squares;
  }
}

/** Difficulties by all learners, and, for each group, by those outside of it. */
function difficultiesOf(histories: readonly History[]): {
  difficulties: DifficultyTable;
  ofGroup: readonly DifficultyTable[];
} {
  const difficulties = new DifficultyTable();
  const parts = Array.from({ length: groups }, () => new DifficultyTable());
  for (const [learner, history] of histories.entries()) {
    for (const response of history) {
      difficulties.add(response, response.right);
      parts[learner % groups]!.add(response, response.right);
    }
  }
  return { difficulties, ofGroup: parts.map((part) => without(difficulties, part)) };
}

/** Describes every response of the histories; features that are new to the index get a column. */
function designOf(
  histories: readonly History[],
  index: FeatureIndex,
  features: FeatureSet,
  difficultiesFor: (learner: number) => { of(item: TracedItem): Difficulty },
): DesignMatrix {
  const rows = histories.reduce((sum, history) => sum + history.length, 0);
  const starts = new Int32Array(rows + 1);
  const answers = new Uint8Array(rows);
  let columns = new Int32Array(rows * 64);
  let values = new Float32Array(rows * 64);
  let filled = 0;
  let at = 0;
  const row = new FeatureRow(index, features, true);
  for (const [learner, history] of histories.entries()) {
    const difficulties = difficultiesFor(learner);
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

function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}
