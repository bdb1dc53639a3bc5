// Splitting a mask into the things that it is made of: a flood over its distance transform from the deepest places down.

/**
 * Labels the basins of a relief, in one pass from its highest pixel to its lowest. A summit keeps a basin of its own where it
 * stands high enough above the saddle at which it meets a higher one; else it becomes a part of that one. This is the marker
 * watershed of the h-maxima (Vincent & Soille 1991; Grimaud 1992), with h in proportion to the summit, so that large things
 * may have rough outlines and small ones still come apart.
 * @param relief pixels with 0 belong to nothing
 * @param height that a summit needs above its saddle: a share of its own, and at least so much
 * @returns labels from 1, in no order of meaning; the summit of label n is at n − 1
 */
export function floodBasins(
  relief: Float32Array,
  width: number,
  { share, least }: { share: number; least: number },
): { labels: Int32Array; summits: number[] } {
  const order = descending(relief);
  const labels = new Int32Array(relief.length);
  /** by basin: the one that it has become a part of, or itself */
  const parents: number[] = [0];
  const tops: number[] = [0];
  const rootOf = (basin: number) => {
    let root = basin;
    while (parents[root] !== root) root = parents[root] = parents[parents[root]!]!;
    return root;
  };
  const rows = Math.floor(relief.length / width);
  for (const at of order) {
    const level = relief[at]!;
    const x = at % width;
    const y = (at - x) / width;
    let best = 0;
    let steepest = -1;
    for (let ny = Math.max(0, y - 1); ny <= Math.min(rows - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const neighbour = ny * width + nx;
        const label = labels[neighbour]!;
        if (label === 0) continue;
        let [one, other] = [rootOf(label), best === 0 ? 0 : rootOf(best)];
        if (other !== 0 && one !== other) {
          if (tops[one]! > tops[other]!) [one, other] = [other, one];
          const top = tops[one]!;
          if (top - level < Math.max(least, share * top)) parents[one] = other;
        }
        const height = relief[neighbour]!;
        if (height > steepest) [best, steepest] = [label, height];
      }
    }
    if (best === 0) {
      best = parents.length;
      parents.push(best);
      tops.push(level);
    }
    labels[at] = best;
  }
  return numbered(labels, rootOf, tops);
}

/**
 * @param labels are changed
 */
function numbered(labels: Int32Array, rootOf: (basin: number) => number, tops: readonly number[]) {
  const numbers: Map<number, number> = new Map();
  const summits = [];
  for (let at = 0; at < labels.length; at++) {
    if (labels[at] === 0) continue;
    const root = rootOf(labels[at]!);
    let number = numbers.get(root);
    if (number === undefined) {
      number = numbers.size + 1;
      numbers.set(root, number);
      summits.push(tops[root]!);
    }
    labels[at] = number;
  }
  return { labels, summits };
}

/**
 * Places of the pixels above 0, the highest first; of equal ones the first. By counting, in steps of 1/16.
 */
function descending(relief: Float32Array): Uint32Array {
  let highest = 0;
  for (const value of relief) if (value > highest) highest = value;
  const binOf = (value: number) => Math.round((highest - value) * 16);
  const starts = new Uint32Array(binOf(0) + 2);
  for (const value of relief) if (value > 0) starts[binOf(value) + 1]!++;
  for (let bin = 1; bin < starts.length; bin++) starts[bin]! += starts[bin - 1]!;
  const order = new Uint32Array(starts.at(-1)!);
  for (let at = 0; at < relief.length; at++) {
    const value = relief[at]!;
    if (value > 0) order[starts[binOf(value)]!++] = at;
  }
  return order;
}
