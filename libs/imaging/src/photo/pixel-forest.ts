// A random forest over the features of pixels: small enough to be trained in seconds, and to be kept beside a specification.
import type { PixelForest, PixelTree } from './messages.js';

/** Bins that a feature is put into, by quantiles, to look for the best place to split it. */
const bins = 64;

/**
 * Learns to tell pixels, by bagging and random features (Breiman 2001). A leaf gives the share of its examples that are inside,
 * counted as if one more had been in and one out.
 * @param features by feature, each with a value for each example
 * @param isInside for each example 0 or 1
 * @param how `leaf`: examples that a leaf has at least
 */
export function trainForest(
  features: readonly Float32Array[],
  isInside: Uint8Array,
  { trees, depth, leaf, random }: { trees: number; depth: number; leaf: number; random: () => number },
): Pick<PixelForest, 'trees' | 'gate'> {
  const cuts = features.map((values) => quantiles(values));
  const binned = features.map((values, feature) => toBins(values, cuts[feature]!));
  const count = isInside.length;
  const tried = Math.max(1, Math.round(Math.sqrt(features.length)));
  const grow = () => {
    const tree: PixelTree = { features: [], thresholds: [], children: [], shares: [] };
    const add = () => tree.features.push(-1) - 1;
    const split = (examples: Uint32Array, node: number, level: number) => {
      let inside = 0;
      for (const at of examples) inside += isInside[at]!;
      tree.thresholds[node] = 0;
      tree.children[node] = 0;
      tree.shares[node] = round((inside + 1) / (examples.length + 2));
      if (level === depth || inside === 0 || inside === examples.length || examples.length < 2 * leaf) return;
      let best = { gain: 0, feature: -1, bin: 0 };
      for (let trial = 0; trial < tried; trial++) {
        const feature = Math.floor(random() * features.length);
        const found = bestSplit(binned[feature]!, isInside, examples, inside, leaf);
        if (found.gain > best.gain) best = { ...found, feature };
      }
      if (best.feature < 0) return;
      const values = binned[best.feature]!;
      const left = examples.filter((at) => values[at]! <= best.bin);
      const right = examples.filter((at) => values[at]! > best.bin);
      tree.features[node] = best.feature;
      tree.thresholds[node] = Number(cuts[best.feature]![best.bin]!.toPrecision(6));
      const child = add();
      add();
      tree.children[node] = child;
      split(left, child, level + 1);
      split(right, child + 1, level + 1);
    };
    const bag = Uint32Array.from({ length: count }, () => Math.floor(random() * count));
    split(bag, add(), 0);
    return tree;
  };
  return { trees: Array.from({ length: trees }, grow), gate: gateOf(features, isInside) };
}

/**
 * Probability that each pixel is inside. Pixels that the gate shuts out are 0.
 */
export function predictForest(
  { trees, gate }: Pick<PixelForest, 'trees' | 'gate'>,
  features: readonly Float32Array[],
): Float32Array {
  const count = features[0]!.length;
  const shares = new Float32Array(count);
  const packed = trees.map((tree) => ({
    features: Int16Array.from(tree.features),
    thresholds: Float32Array.from(tree.thresholds),
    children: Uint32Array.from(tree.children),
    shares: Float32Array.from(tree.shares),
  }));
  const open = features[gate.feature]!;
  for (let at = 0; at < count; at++) {
    if (gate.isBelow ? open[at]! > gate.threshold : open[at]! < gate.threshold) continue;
    let sum = 0;
    for (const tree of packed) {
      let node = 0;
      let feature = tree.features[0]!;
      while (feature >= 0) {
        node = tree.children[node]! + (features[feature]![at]! <= tree.thresholds[node]! ? 0 : 1);
        feature = tree.features[node]!;
      }
      sum += tree.shares[node]!;
    }
    shares[at] = sum / packed.length;
  }
  return shares;
}

/**
 * The one comparison that lets through all but 2 of 1,000 examples that are inside, and as few of the others as any does.
 */
function gateOf(features: readonly Float32Array[], isInside: Uint8Array): PixelForest['gate'] {
  const lost = 0.002;
  let best: PixelForest['gate'] & { passed: number } = {
    feature: 0,
    threshold: -Infinity,
    isBelow: false,
    passed: Infinity,
  };
  features.forEach((values, feature) => {
    const inside = values.filter((_, at) => isInside[at] === 1).sort();
    const outside = values.filter((_, at) => isInside[at] === 0);
    if (inside.length === 0) return;
    const [low, high] = [inside[Math.floor(lost * inside.length)]!, inside[Math.ceil((1 - lost) * inside.length) - 1]!];
    for (const isBelow of [true, false]) {
      let passed = 0;
      for (const value of outside) if (isBelow ? value <= high : value >= low) passed++;
      if (passed < best.passed) best = { feature, threshold: isBelow ? high : low, isBelow, passed };
    }
  });
  const { feature, threshold, isBelow } = best;
  return { feature, threshold, isBelow };
}

function bestSplit(values: Uint8Array, isInside: Uint8Array, examples: Uint32Array, inside: number, leaf: number) {
  const [all, inner] = [new Uint32Array(bins), new Uint32Array(bins)];
  for (const at of examples) {
    const bin = values[at]!;
    all[bin]!++;
    inner[bin]! += isInside[at]!;
  }
  const impurity = (some: number, of: number) => (some * (of - some)) / of;
  const before = impurity(inside, examples.length);
  let [best, bestGain] = [0, 0];
  let [left, leftIn] = [0, 0];
  for (let bin = 0; bin < bins - 1; bin++) {
    left += all[bin]!;
    leftIn += inner[bin]!;
    const right = examples.length - left;
    if (left < leaf || right < leaf) continue;
    const gain = before - impurity(leftIn, left) - impurity(inside - leftIn, right);
    if (gain > bestGain) [best, bestGain] = [bin, gain];
  }
  return { gain: bestGain, bin: best };
}

/** Upper ends of bins with about as many examples each. */
function quantiles(values: Float32Array) {
  const sorted = values.slice().sort();
  return Float32Array.from({ length: bins - 1 }, (_, bin) => sorted[Math.floor(((bin + 1) * sorted.length) / bins)]!);
}

function toBins(values: Float32Array, cuts: Float32Array) {
  return Uint8Array.from(values, (value) => {
    let [low, high] = [0, cuts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value <= cuts[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

function round(value: number) {
  return Math.round(value * 1e4) / 1e4;
}
