import type { Rng } from '#libs/kernel';

/** Features of examples, each brought to at most {@link mostBins} bins, column after column. */
export interface BinnedFeatures {
  readonly rows: number;
  readonly columns: number;
  /** Bin of each example in each column, at column · rows + row. */
  readonly bins: Uint8Array;
  /** Of each column, ascending: a value v is in the bin that counts the edges below or at v. */
  readonly edges: readonly Float32Array[];
}

/** A regression tree as a heap: the children of node i are 2i + 1 (value < threshold) and 2i + 2. */
export interface RegressionTree {
  /** The feature that a node looks at; −1 where it is a leaf. */
  readonly features: Int16Array;
  readonly thresholds: Float32Array;
  /** What a leaf adds. */
  readonly values: Float32Array;
}

/** A sum of trees on top of a constant. */
export interface BoostedTrees {
  readonly bias: number;
  readonly trees: readonly RegressionTree[];
}

export interface BoostingOptions {
  /** `logistic`: targets of 0 or 1, and the sum is a log-odds. `squared`: the sum is the target. */
  readonly loss: 'logistic' | 'squared';
  readonly rounds: number;
  /** Questions from root to leaf, at most 8. */
  readonly depth: number;
  /** Share of each step that is taken. */
  readonly rate: number;
  /** Shares of the examples and of the features that a tree is shown. */
  readonly rowShare: number;
  readonly columnShare: number;
  /** Least sum of second derivatives in a leaf. */
  readonly leastWeight: number;
  readonly rng: Rng;
}

const mostBins = 64;
/** λ of the leaf values. */
const ridge = 1;

/**
 * Edges that divide each feature into bins of about equal mass.
 * @param rows some thousand examples, row after row
 */
export function binEdges(rows: Float32Array, columns: number): Float32Array[] {
  const count = rows.length / columns;
  return Array.from({ length: columns }, (_, column) => {
    const values = Float32Array.from({ length: count }, (_row, row) => rows[row * columns + column]!).sort();
    const edges: number[] = [];
    for (let bin = 1; bin < mostBins; bin++) {
      const edge = values[Math.floor((bin * count) / mostBins)]!;
      if (edge > (edges.at(-1) ?? values[0]!)) edges.push(edge);
    }
    return Float32Array.from(edges);
  });
}

/** The bin of a value. */
export function binOf(edges: Float32Array, value: number): number {
  let [low, high] = [0, edges.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** @param rows examples, row after row */
export function binFeatures(rows: Float32Array, columns: number, edges: readonly Float32Array[]): BinnedFeatures {
  const count = rows.length / columns;
  const bins = new Uint8Array(rows.length);
  for (let column = 0; column < columns; column++) {
    const own = edges[column]!;
    for (let row = 0; row < count; row++) bins[column * count + row] = binOf(own, rows[row * columns + column]!);
  }
  return { rows: count, columns, bins, edges };
}

/** Some of the examples. */
export function pickBinned(features: BinnedFeatures, which: readonly number[]): BinnedFeatures {
  const bins = new Uint8Array(which.length * features.columns);
  for (let column = 0; column < features.columns; column++) {
    const [from, to] = [column * features.rows, column * which.length];
    for (let at = 0; at < which.length; at++) bins[to + at] = features.bins[from + which[at]!]!;
  }
  return { ...features, rows: which.length, bins };
}

/**
 * Gradient tree boosting with Newton steps on histograms of binned features: gain = G_l²/(H_l + λ) + G_r²/(H_r + λ) − G²/(H + λ),
 * leaf = −rate · G/(H + λ) (Friedman 2001; Chen and Guestrin, "XGBoost", 2016; Ke et al., "LightGBM", 2017).
 */
export function fitBoostedTrees(
  features: BinnedFeatures,
  targets: Float32Array,
  options: BoostingOptions,
): BoostedTrees {
  const { rows, columns } = features;
  const { loss, rounds, rowShare, columnShare, rng } = options;
  const mean = rows === 0 ? 0 : targets.reduce((sum, target) => sum + target, 0) / rows;
  const share = Math.min(1 - 1e-4, Math.max(1e-4, mean));
  const bias = loss === 'squared' ? mean : Math.log(share / (1 - share));
  const scores = new Float64Array(rows).fill(bias);
  const [slopes, curves] = [new Float64Array(rows), new Float64Array(rows)];
  const grower = new TreeGrower(features, slopes, curves, options);
  const trees: RegressionTree[] = [];
  for (let round = 0; round < rounds; round++) {
    for (let row = 0; row < rows; row++) {
      const given = loss === 'squared' ? scores[row]! : chance(scores[row]!);
      slopes[row] = given - targets[row]!;
      curves[row] = loss === 'squared' ? 1 : Math.max(given * (1 - given), 1e-6);
    }
    const shown = Int32Array.from({ length: rows }, (_, row) => row).filter(() => rng() < rowShare);
    const looked = Array.from({ length: columns }, (_, column) => column).filter(() => rng() < columnShare);
    const { tree, splits } = grower.grow(shown, looked);
    for (let row = 0; row < rows; row++) {
      let node = 0;
      while (tree.features[node]! >= 0) {
        node = 2 * node + (features.bins[tree.features[node]! * rows + row]! < splits[node]! ? 1 : 2);
      }
      scores[row]! += tree.values[node]!;
    }
    trees.push(tree);
  }
  return { bias, trees };
}

/** The sum for one example, whose features begin at an offset. */
export function sumOfTrees({ bias, trees }: BoostedTrees, rows: Float32Array, offset: number): number {
  let sum = bias;
  for (const { features, thresholds, values } of trees) {
    let node = 0;
    for (let feature = features[0]!; feature >= 0; feature = features[node]!) {
      node = 2 * node + (rows[offset + feature]! < thresholds[node]! ? 1 : 2);
    }
    sum += values[node]!;
  }
  return sum;
}

/** What log-odds come to. */
export function chance(logOdds: number): number {
  return 1 / (1 + Math.exp(-logOdds));
}

interface Split {
  readonly gain: number;
  readonly column: number;
  /** Examples with a smaller bin go left. */
  readonly bin: number;
}

/** Grows one tree after another on the same features. */
class TreeGrower {
  constructor(
    private readonly features: BinnedFeatures,
    private readonly slopes: Float64Array,
    private readonly curves: Float64Array,
    private readonly options: BoostingOptions,
  ) {}

  /** @returns the tree, and the bin below which each node sends an example to the left */
  grow(shown: Int32Array, columns: readonly number[]): { tree: RegressionTree; splits: Uint8Array } {
    const { depth, rate } = this.options;
    const { rows, bins, edges } = this.features;
    const nodes = 2 ** (depth + 1) - 1;
    const tree = {
      features: new Int16Array(nodes).fill(-1),
      thresholds: new Float32Array(nodes),
      values: new Float32Array(nodes),
    };
    const splits = new Uint8Array(nodes);
    let level = [{ node: 0, members: shown, histogram: this.histogram(shown, columns) }];
    for (let down = 0; level.length > 0; down++) {
      const next: typeof level = [];
      for (const { node, members, histogram } of level) {
        const split = down === depth ? null : this.bestSplit(histogram, columns);
        if (split === null) {
          let [slope, curve] = [0, 0];
          for (const row of members) {
            slope += this.slopes[row]!;
            curve += this.curves[row]!;
          }
          tree.values[node] = (-rate * slope) / (curve + ridge);
          continue;
        }
        tree.features[node] = split.column;
        tree.thresholds[node] = edges[split.column]![split.bin - 1]!;
        splits[node] = split.bin;
        const own = split.column * rows;
        const left = members.filter((row) => bins[own + row]! < split.bin);
        const right = members.filter((row) => bins[own + row]! >= split.bin);
        if (down + 1 === depth) {
          const none = new Float64Array(0);
          next.push({ node: 2 * node + 1, members: left, histogram: none });
          next.push({ node: 2 * node + 2, members: right, histogram: none });
          continue;
        }
        // The histogram of the larger child is what the smaller one leaves of its parent's.
        const isLeftSmall = left.length < right.length;
        const small = this.histogram(isLeftSmall ? left : right, columns);
        const large = histogram.map((all, at) => all - small[at]!);
        next.push({ node: 2 * node + 1, members: left, histogram: isLeftSmall ? small : large });
        next.push({ node: 2 * node + 2, members: right, histogram: isLeftSmall ? large : small });
      }
      level = next;
    }
    return { tree, splits };
  }

  /** Sums of both derivatives by column and bin. */
  private histogram(members: Int32Array, columns: readonly number[]): Float64Array {
    const { rows, bins } = this.features;
    const { slopes, curves } = this;
    const sums = new Float64Array(columns.length * mostBins * 2);
    const { length } = members;
    for (let at = 0; at < columns.length; at++) {
      const own = columns[at]! * rows;
      const base = at * mostBins * 2;
      for (let member = 0; member < length; member++) {
        const row = members[member]!;
        const cell = base + bins[own + row]! * 2;
        sums[cell]! += slopes[row]!;
        sums[cell + 1]! += curves[row]!;
      }
    }
    return sums;
  }

  private bestSplit(histogram: Float64Array, columns: readonly number[]): Split | null {
    const { leastWeight } = this.options;
    let best: Split | null = null;
    for (let at = 0; at < columns.length; at++) {
      const base = at * mostBins * 2;
      let [slope, curve] = [0, 0];
      for (let bin = 0; bin < mostBins; bin++) {
        slope += histogram[base + 2 * bin]!;
        curve += histogram[base + 2 * bin + 1]!;
      }
      if (curve < 2 * leastWeight) return best;
      const whole = slope ** 2 / (curve + ridge);
      let [leftSlope, leftCurve] = [0, 0];
      for (let bin = 1; bin < mostBins; bin++) {
        leftSlope += histogram[base + 2 * bin - 2]!;
        leftCurve += histogram[base + 2 * bin - 1]!;
        const rightCurve = curve - leftCurve;
        if (leftCurve < leastWeight) continue;
        if (rightCurve < leastWeight) break;
        const rightSlope = slope - leftSlope;
        const gain = leftSlope ** 2 / (leftCurve + ridge) + rightSlope ** 2 / (rightCurve + ridge) - whole;
        if (gain > 1e-6 && gain > (best?.gain ?? 0)) best = { gain, column: columns[at]!, bin };
      }
    }
    return best;
  }
}
