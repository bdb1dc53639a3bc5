import { logistic } from '../policy/logistic.js';
import { DifficultyTable } from './difficulty.js';
import { FeatureIndex } from './feature-index.js';
import { FeatureRow, featuresOf, type FeatureSet } from './features.js';
import { afterResponse, type LearnerTrace } from './learner-trace.js';
import type { Population, TracedResponse } from './population.js';
import { T, templates } from './templates.js';

/** What an {@link OnlineLearner} keeps besides weights and difficulties, by column. */
export interface OnlineMemory {
  readonly latest: Float64Array;
  readonly squares: Float64Array;
  readonly steps: Int32Array;
  readonly rateOfPairs: number;
  readonly squaresOfRate: number;
}

/** g² of a feature in a usual response: p (1 − p) at p = 3/4, times x² of about 1. */
const squareOfResponse = 0.19;

export interface OnlineOptions {
  /** η, the length of a step. */
  readonly rate?: number;
}

/** Steps of weights that seldom move are longer: those of items, and at first those of pairs of items. */
const rateOfItems = 0.2;
const rateOfPairs = { first: 0.4, least: 0.01, most: 2, change: 0.1 } as const;

/** The average goes over about the last quarter of all steps, and over so many at most. */
const averaged = { share: 4, least: 1e-5 } as const;

const guess = 0.65;

/**
 * Learns weights and difficulties response by response, as a live service does. With z = Σ w_j x_j, p = 1 / (1 + e^−z) and
 * the gradient g_j = (p − y) x_j, a response changes the weights of its features by
 *
 *   h_j ← h_j + g_j²,   w_j ← w_j − η g_j / √h_j,   h from 1   (AdaGrad, Duchi et al., JMLR 12, 2011).
 *
 * - Weights without skill or item move at every response, and so follow whoever answered last. What predicts is their
 *   average, w̄_j ← w̄_j + max(4 / (n_j + 4), 10⁻⁵) (w_j − w̄_j) (polynomial-decay averaging, Shamir and Zhang, ICML 2013).
 * - A pair of items comes 1.3 times in one data set and 19 times in another, and the best step is ten times longer where it
 *   is rare. So their η follows whether what they said, z' = Σ w_j x_j over pairs of items, was too little or too much:
 *   η ← η exp(−.1 d / √H), d = (p − y) z', H ← H + d² (after A. Baydin et al., "Online learning rate adaptation with
 *   hypergradient descent", ICLR 2018).
 *
 * Features, items and skills are new when they first come, with a weight of 0.
 */
export class OnlineLearner {
  private readonly index: FeatureIndex;
  private readonly difficulties: DifficultyTable;
  private readonly row: FeatureRow;
  private readonly rates: Float64Array;
  /** H of the rate of pairs. */
  private squaresOfRate = 1;
  /** What predicts: w̄ where there is an average, else w. */
  private weights = new Float64Array(1 << 12);
  /** w, h and n. */
  private latest = new Float64Array(1 << 12);
  private squares = new Float64Array(1 << 12).fill(1);
  private steps = new Int32Array(1 << 12);

  constructor(
    private readonly features: FeatureSet,
    { rate = 0.03 }: OnlineOptions = {},
    from?: Pick<Population, 'index' | 'difficulties'>,
  ) {
    this.index = from?.index ?? new FeatureIndex();
    this.difficulties = from?.difficulties ?? new DifficultyTable();
    this.row = new FeatureRow(this.index, features, true);
    this.rates = new Float64Array(templates.length).fill(rate);
    this.rates[T.item] = rateOfItems;
    this.rates[T['item transfer']] = rateOfPairs.first;
    if (from !== undefined) return;
    const bias = this.index.intern(T.bias);
    this.weights[bias] = this.latest[bias] = Math.log(guess / (1 - guess));
  }

  /**
   * Goes on from a population, which must not be used any more: by the memory that learning left, or, for weights that
   * were fitted, as sure of them as if they had been learnt from so many responses.
   */
  static goOn(population: Population, memory: OnlineMemory | { readonly asAfter: number }): OnlineLearner {
    const learner = new OnlineLearner(population.features, {}, population);
    const { size } = population.index;
    learner.widen();
    learner.weights.set(population.weights);
    if ('asAfter' in memory) {
      learner.latest.set(population.weights);
      learner.squares.fill(1 + memory.asAfter * squareOfResponse, 0, size);
      learner.steps.fill(memory.asAfter, 0, size);
      return learner;
    }
    learner.latest.set(memory.latest);
    learner.squares.set(memory.squares);
    learner.steps.set(memory.steps);
    learner.rates[pairs] = memory.rateOfPairs;
    learner.squaresOfRate = memory.squaresOfRate;
    return learner;
  }

  /** What learning goes on from, besides the population. */
  memory(): OnlineMemory {
    const { size } = this.index;
    return {
      latest: this.latest.slice(0, size),
      squares: this.squares.slice(0, size),
      steps: this.steps.slice(0, size),
      rateOfPairs: this.rates[pairs]!,
      squaresOfRate: this.squaresOfRate,
    };
  }

  /** The learner's next trace after a response that was learnt from before. */
  pass(trace: LearnerTrace, response: TracedResponse): LearnerTrace {
    return afterResponse(trace, { ...response, expected: this.difficulties.now(response).expected });
  }

  /** Predicts a response and learns from it; gives the prediction and the learner's next trace. */
  step(trace: LearnerTrace, response: TracedResponse): { readonly probability: number; readonly trace: LearnerTrace } {
    const { row, difficulties } = this;
    const difficulty = difficulties.now(response);
    featuresOf(row, trace, response, difficulty);
    if (this.index.size > this.weights.length) this.widen();
    const probability = logistic(row.dot(this.weights));
    this.moveBy(response.right);
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

  /** One step of the weights in the row. */
  private moveBy(right: 0 | 1): void {
    const { weights, latest, squares, steps, rates } = this;
    const { columns, values, templates: numbers, length } = this.row;
    let logit = 0;
    let ofPairs = 0;
    for (let place = 0; place < length; place++) {
      const term = latest[columns[place]!]! * values[place]!;
      logit += term;
      if (numbers[place] === pairs) ofPairs += term;
    }
    const error = logistic(logit) - right;
    for (let place = 0; place < length; place++) {
      const column = columns[place]!;
      const template = numbers[place]!;
      const gradient = error * values[place]!;
      const square = squares[column]! + gradient * gradient;
      const weight = latest[column]! - (rates[template]! * gradient) / Math.sqrt(square);
      squares[column] = square;
      latest[column] = weight;
      if (ofSome[template] === 1) weights[column] = weight;
      else {
        const n = ++steps[column]!;
        const gain = Math.max(averaged.share / (n + averaged.share), averaged.least);
        weights[column]! += gain * (weight - weights[column]!);
      }
    }
    if (ofPairs !== 0) this.follow(error * ofPairs);
  }

  /** The rate of pairs after what they said. @param slope d */
  private follow(slope: number): void {
    this.squaresOfRate += slope * slope;
    const rate = this.rates[pairs]! * Math.exp((-rateOfPairs.change * slope) / Math.sqrt(this.squaresOfRate));
    this.rates[pairs] = Math.min(rateOfPairs.most, Math.max(rateOfPairs.least, rate));
  }

  private widen(): void {
    let { length } = this.weights;
    while (length < this.index.size) length *= 2;
    this.weights = widened(this.weights, new Float64Array(length));
    this.latest = widened(this.latest, new Float64Array(length));
    this.squares = widened(this.squares, new Float64Array(length).fill(1));
    this.steps = widened(this.steps, new Int32Array(length));
  }
}

const pairs = T['item transfer'];
const ofSome = Uint8Array.from(templates, (template) => (template.ofSome ? 1 : 0));

function widened<A extends Float64Array | Int32Array>(from: A, to: A): A {
  to.set(from);
  return to;
}
