import type { Rng } from '#libs/kernel';

/** What is divided into folds. */
export interface Grouped {
  /** The class of each example. */
  readonly labels: readonly number[];
  /** Whose or of what each example is: never in two folds. */
  readonly groups: readonly string[];
}

/** The number of groups that have examples of each class. */
export function groupsOfLabels({ labels, groups }: Grouped, classes: number): number[] {
  return Array.from({ length: classes }, (_, label) => {
    return new Set(groups.filter((_group, at) => labels[at] === label)).size;
  });
}

/**
 * Divides examples into folds: groups stay whole, and each fold gets its share of every class. The largest group goes first,
 * each to the fold where the squares of the counts by class grow least (as StratifiedGroupKFold of scikit-learn does by variance);
 * ties are broken by the order, which is drawn.
 * @returns the fold of each example
 */
export function divideIntoFolds({ labels, groups }: Grouped, folds: number, classes: number, rng: Rng): number[] {
  const members = new Map<string, number[]>();
  groups.forEach((group, at) => members.set(group, [...(members.get(group) ?? []), at]));
  const drawn = [...members.values()]
    .map((examples) => ({ examples, order: rng() }))
    .sort((a, b) => b.examples.length - a.examples.length || a.order - b.order);
  const totals = countBy(labels, classes);
  const counts = Array.from({ length: folds }, () => new Float64Array(classes));
  const assigned = new Array<number>(labels.length).fill(0);
  for (const { examples } of drawn) {
    const own = countBy(
      examples.map((at) => labels[at]!),
      classes,
    );
    const costs = counts.map((fold) =>
      own.reduce((cost, count, label) => cost + count * ((2 * fold[label]! + count) / totals[label]!), 0),
    );
    // Of folds that are as good, the one with the fewest examples.
    const sizes = counts.map((fold) => fold.reduce((sum, count) => sum + count, 0));
    let best = 0;
    for (let fold = 1; fold < folds; fold++) {
      const better = costs[fold]! - costs[best]!;
      if (better < -1e-9 || (better < 1e-9 && sizes[fold]! < sizes[best]!)) best = fold;
    }
    own.forEach((count, label) => (counts[best]![label]! += count));
    for (const at of examples) assigned[at] = best;
  }
  return assigned;
}

function countBy(labels: readonly number[], classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const label of labels) counts[label]! += 1;
  return counts;
}
