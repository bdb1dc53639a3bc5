import { type Rng, seededRng } from '#libs/kernel';

/**
 * A net with one hidden layer: softmax(W₂ tanh(W₁ z + b₁) + b₂) with z = (x − mean) / deviation, held within ±{@link farthest}.
 * Matrices are row by row: `first` is [hidden, inputs], `second` [classes, hidden].
 */
export interface SmallNet {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  readonly first: Float64Array;
  readonly firstBias: Float64Array;
  readonly second: Float64Array;
  readonly secondBias: Float64Array;
}

/** Standard deviations from the mean beyond which a number says no more. */
const farthest = 4;

export interface NetExample {
  readonly features: readonly number[];
  /** From 0. */
  readonly label: number;
}

export interface NetPlan {
  readonly classes: number;
  readonly hidden: number;
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Share of a weight that each step at the full rate takes away (Loshchilov and Hutter, 2019). */
  readonly decay: number;
  readonly seed: string;
}

/** The probabilities of the classes. */
export function applyNet(net: SmallNet, features: readonly number[]): Float64Array {
  const { hidden, output } = layersOf(net);
  forward(net, standardise(net, features), hidden, output);
  return output;
}

/**
 * Fits a net by Adam (Kingma and Ba, 2015) with decoupled weight decay, the rate falling along a half cosine. The same examples
 * in the same order and the same seed give the same net.
 */
export function fitNet(examples: readonly NetExample[], plan: NetPlan): SmallNet {
  const rng = seededRng(plan.seed);
  const net = beginNet(examples, plan, rng);
  const inputs = examples.map(({ features }) => standardise(net, features));
  const parts = [net.first, net.firstBias, net.second, net.secondBias];
  const gradients = parts.map((part) => new Float64Array(part.length));
  const adam = parts.map((part) => ({ mean: new Float64Array(part.length), square: new Float64Array(part.length) }));
  const order = examples.map((_, at) => at);
  const steps = plan.epochs * Math.ceil(examples.length / plan.batch);
  for (let epoch = 0, step = 0; epoch < plan.epochs; epoch++) {
    shuffle(order, rng);
    for (let from = 0; from < order.length; from += plan.batch) {
      const batch = order.slice(from, from + plan.batch);
      for (const gradient of gradients) gradient.fill(0);
      for (const at of batch) backward(net, inputs[at]!, examples[at]!.label, gradients);
      const rate = (plan.rate * (1 + Math.cos((Math.PI * step++) / steps))) / 2;
      parts.forEach((part, at) => {
        const decay = at % 2 === 0 ? rate * plan.decay : 0;
        stepAdam(part, gradients[at]!, adam[at]!, { rate, decay, step, batch: batch.length });
      });
    }
  }
  return net;
}

function layersOf({ firstBias, secondBias }: SmallNet): { hidden: Float64Array; output: Float64Array } {
  return { hidden: new Float64Array(firstBias.length), output: new Float64Array(secondBias.length) };
}

function beginNet(examples: readonly NetExample[], { classes, hidden }: NetPlan, rng: Rng): SmallNet {
  const inputs = examples[0]!.features.length;
  const columns = Array.from({ length: inputs }, (_, column) => examples.map(({ features }) => features[column]!));
  const mean = columns.map((column) => column.reduce((sum, each) => sum + each, 0) / column.length);
  const deviation = columns.map(
    (column, at) => Math.sqrt(column.reduce((sum, each) => sum + (each - mean[at]!) ** 2, 0) / column.length) || 1,
  );
  // uniform with the variance of Glorot and Bengio (2010)
  const draw = (rows: number, across: number): Float64Array => {
    const most = Math.sqrt(6 / (rows + across));
    return Float64Array.from({ length: rows * across }, () => (2 * rng() - 1) * most);
  };
  return {
    mean,
    deviation,
    first: draw(hidden, inputs),
    firstBias: new Float64Array(hidden),
    second: draw(classes, hidden),
    secondBias: new Float64Array(classes),
  };
}

function standardise({ mean, deviation }: SmallNet, features: readonly number[]): Float64Array {
  return Float64Array.from(features, (each, at) =>
    Math.max(-farthest, Math.min(farthest, (each - mean[at]!) / deviation[at]!)),
  );
}

function forward(net: SmallNet, input: Float64Array, hidden: Float64Array, output: Float64Array): void {
  for (let h = 0; h < hidden.length; h++) {
    let sum = net.firstBias[h]!;
    for (let i = 0, at = h * input.length; i < input.length; i++, at++) sum += net.first[at]! * input[i]!;
    hidden[h] = Math.tanh(sum);
  }
  let [largest, total] = [-Infinity, 0];
  for (let k = 0; k < output.length; k++) {
    let sum = net.secondBias[k]!;
    for (let h = 0, at = k * hidden.length; h < hidden.length; h++, at++) sum += net.second[at]! * hidden[h]!;
    output[k] = sum;
    largest = Math.max(largest, sum);
  }
  for (let k = 0; k < output.length; k++) total += output[k] = Math.exp(output[k]! - largest);
  for (let k = 0; k < output.length; k++) output[k]! /= total;
}

/** Adds the gradient of −ln p(label) to those of the batch. */
function backward(net: SmallNet, input: Float64Array, label: number, gradients: readonly Float64Array[]): void {
  const { hidden, output } = layersOf(net);
  forward(net, input, hidden, output);
  const [first, firstBias, second, secondBias] = gradients as [Float64Array, Float64Array, Float64Array, Float64Array];
  output[label]! -= 1;
  const back = new Float64Array(hidden.length);
  for (let k = 0; k < output.length; k++) {
    const error = output[k]!;
    secondBias[k]! += error;
    for (let h = 0, at = k * hidden.length; h < hidden.length; h++, at++) {
      second[at]! += error * hidden[h]!;
      back[h]! += error * net.second[at]!;
    }
  }
  for (let h = 0; h < hidden.length; h++) {
    const error = back[h]! * (1 - hidden[h]! ** 2);
    firstBias[h]! += error;
    for (let i = 0, at = h * input.length; i < input.length; i++, at++) first[at]! += error * input[i]!;
  }
}

function stepAdam(
  part: Float64Array,
  gradient: Float64Array,
  { mean, square }: { readonly mean: Float64Array; readonly square: Float64Array },
  { rate, decay, step, batch }: { rate: number; decay: number; step: number; batch: number },
): void {
  const [unbiasMean, unbiasSquare] = [1 - 0.9 ** step, 1 - 0.999 ** step];
  for (let at = 0; at < part.length; at++) {
    const slope = gradient[at]! / batch;
    mean[at] = 0.9 * mean[at]! + 0.1 * slope;
    square[at] = 0.999 * square[at]! + 0.001 * slope * slope;
    part[at]! -= (rate * (mean[at]! / unbiasMean)) / (Math.sqrt(square[at]! / unbiasSquare) + 1e-8) + decay * part[at]!;
  }
}

function shuffle(order: number[], rng: Rng): void {
  for (let at = order.length - 1; at > 0; at--) {
    const other = Math.floor(rng() * (at + 1));
    [order[at], order[other]] = [order[other]!, order[at]!];
  }
}
