/** How good predictions are. */
export interface Quality {
  readonly n: number;
  /** Area under the ROC curve, .5 for chance. */
  readonly auc: number;
  readonly rmse: number;
  /** Mean negative log likelihood, in nats. */
  readonly logLoss: number;
  /** Expected calibration error over ten bins of equal width. */
  readonly ece: number;
  readonly bins: readonly CalibrationBin[];
}

/** Predictions from `from` to `from` + .1: how many, their mean, and the share that was right. */
export interface CalibrationBin {
  readonly from: number;
  readonly count: number;
  readonly predicted: number;
  readonly observed: number;
}

/** Predictions are held off 0 and 1 by this before their logarithm is taken. */
const margin = 1e-6;
const binCount = 10;

/**
 * @param answers 0 or 1 each
 * @param predictions probabilities of 1
 */
export function qualityOf(answers: Uint8Array, predictions: Float64Array): Quality {
  const n = predictions.length;
  let squared = 0;
  let logLoss = 0;
  const sums = Array.from({ length: binCount }, () => ({ count: 0, predicted: 0, observed: 0 }));
  for (let at = 0; at < n; at++) {
    const p = Math.min(1 - margin, Math.max(margin, predictions[at]!));
    const y = answers[at]!;
    squared += (y - p) ** 2;
    logLoss -= Math.log(y === 1 ? p : 1 - p);
    const sum = sums[Math.min(binCount - 1, Math.floor(p * binCount))]!;
    sum.count++;
    sum.predicted += p;
    sum.observed += y;
  }
  const ece = sums.reduce((sum, { predicted, observed }) => sum + Math.abs(predicted - observed), 0) / n;
  const bins = sums.map(({ count, predicted, observed }, at) => ({
    from: at / binCount,
    count,
    predicted: count === 0 ? 0 : predicted / count,
    observed: count === 0 ? 0 : observed / count,
  }));
  return { n, auc: auc(answers, predictions), rmse: Math.sqrt(squared / n), logLoss: logLoss / n, ece, bins };
}

/** Area under the ROC curve by ranks; ties count half (Mann and Whitney 1947). NaN where all answers are the same. */
export function auc(answers: Uint8Array, predictions: Float64Array): number {
  return weightedAuc(answers, predictions, rising(predictions), () => 1);
}

/** The difference of two areas under the curve over the same responses, with its 95 % interval. */
export interface AucDifference {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Compares two models by a paired bootstrap over learners (B. Efron and R. Tibshirani, 1993): learners are drawn again
 * with all of their responses.
 * @param learners number of the learner of each response, from 0
 */
export function compareAuc(
  answers: Uint8Array,
  learners: Int32Array,
  one: Float64Array,
  other: Float64Array,
  { rng, draws = 1000 }: { readonly rng: () => number; readonly draws?: number },
): AucDifference {
  const orders = [rising(one), rising(other)] as const;
  const between = (weightOf: (at: number) => number): number =>
    weightedAuc(answers, one, orders[0], weightOf) - weightedAuc(answers, other, orders[1], weightOf);
  return { difference: between(() => 1), ...drawnAgain(learners, between, rng, draws) };
}

/** An area under the curve with its 95 % interval. */
export interface AucInterval {
  readonly auc: number;
  readonly low: number;
  readonly high: number;
}

/**
 * An area under the curve with its 95 % interval by the percentile bootstrap over learners (B. Efron and R. Tibshirani, 1993).
 * @param learners number of the learner of each prediction, from 0
 */
export function aucInterval(
  answers: Uint8Array,
  learners: Int32Array,
  predictions: Float64Array,
  { rng, draws = 1000 }: { readonly rng: () => number; readonly draws?: number },
): AucInterval {
  const order = rising(predictions);
  const area = (weightOf: (at: number) => number): number => weightedAuc(answers, predictions, order, weightOf);
  return { auc: area(() => 1), ...drawnAgain(learners, area, rng, draws) };
}

/** The middle 95 % of a statistic of weighted responses, where learners are drawn again with all that they did. */
function drawnAgain(
  learners: Int32Array,
  statistic: (weightOf: (at: number) => number) => number,
  rng: () => number,
  draws: number,
): { low: number; high: number } {
  const count = learners.reduce((most, learner) => Math.max(most, learner), -1) + 1;
  const drawn = Float64Array.from({ length: draws }, () => {
    const weights = new Uint16Array(count);
    for (let draw = 0; draw < count; draw++) weights[Math.floor(rng() * count)]!++;
    return statistic((at) => weights[learners[at]!]!);
  }).sort();
  const at = (share: number): number => drawn[Math.min(draws - 1, Math.floor(share * draws))]!;
  return { low: at(0.025), high: at(0.975) };
}

function rising(predictions: Float64Array): Uint32Array {
  return Uint32Array.from(predictions.keys()).sort((a, b) => predictions[a]! - predictions[b]!);
}

function weightedAuc(
  answers: Uint8Array,
  predictions: Float64Array,
  order: Uint32Array,
  weightOf: (at: number) => number,
): number {
  let wrongBelow = 0;
  let right = 0;
  let area = 0;
  for (let start = 0; start < order.length;) {
    let end = start;
    let tiedRight = 0;
    let tiedWrong = 0;
    const value = predictions[order[start]!]!;
    for (; end < order.length && predictions[order[end]!] === value; end++) {
      const at = order[end]!;
      if (answers[at] === 1) tiedRight += weightOf(at);
      else tiedWrong += weightOf(at);
    }
    area += tiedRight * (wrongBelow + tiedWrong / 2);
    wrongBelow += tiedWrong;
    right += tiedRight;
    start = end;
  }
  return area / (right * wrongBelow);
}
