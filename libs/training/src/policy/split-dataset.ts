import { seededRng, type Rng } from '#libs/kernel';

export const splits = ['training', 'validation', 'test'] as const;
export type Split = (typeof splits)[number];

/** Shares of the images that each split should have. */
export const splitShares: Readonly<Record<Split, number>> = { training: 0.7, validation: 0.15, test: 0.15 };

/** What is put into splits: images of one group stay together; one without a group is a group of its own. */
export interface Splittable {
  readonly sha256: string;
  /** That it shows, each once; those that show none share a label of their own. */
  readonly labels: readonly string[];
  readonly group: string | null;
}

/**
 * Puts images into splits, a group never into two, so that each split has its share of every label as nearly as the groups
 * allow: iterative stratification (Sechidis, Tsoumakas, Vlahavas 2011) over whole groups. Groups come largest first, of equal
 * ones as the seed says; each goes where, label by label, the largest share of what the split should have is still missing:
 * Σ over labels of its images × missing / wanted.
 * The order of the images means nothing.
 */
export function splitDataset<T extends Splittable>(images: readonly T[], seed: number): ReadonlyMap<T, Split> {
  const perLabel = countsOf(images);
  const missing = new Map(
    splits.map((split) => [split, new Map([...perLabel].map(([label, count]) => [label, count * splitShares[split]]))]),
  );
  const placed = new Map<T, Split>();
  for (const group of groupsOf(images, seededRng(`split ${seed}`))) {
    const counts = countsOf(group);
    const gain = (split: Split): number =>
      [...counts].reduce((sum, [label, count]) => {
        const target = perLabel.get(label)! * splitShares[split];
        return sum + (count * missing.get(split)!.get(label)!) / target;
      }, 0);
    const split = splits.reduce((best, each) => (gain(each) > gain(best) + 1e-12 ? each : best));
    for (const [label, count] of counts) missing.get(split)!.set(label, missing.get(split)!.get(label)! - count);
    for (const image of group) placed.set(image, split);
  }
  return placed;
}

function groupsOf<T extends Splittable>(images: readonly T[], rng: Rng): T[][] {
  const groups = new Map<string, T[]>();
  for (const image of [...images].sort((a, b) => compare(a.sha256, b.sha256))) {
    const key = image.group === null ? `image ${image.sha256}` : `group ${image.group}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [image]);
    else group.push(image);
  }
  return [...groups.values()]
    .map((group) => ({ group, order: rng() }))
    .sort((a, b) => b.group.length - a.group.length || a.order - b.order)
    .map(({ group }) => group);
}

function countsOf(images: readonly Splittable[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { labels } of images) {
    for (const label of labels.length > 0 ? labels : ['']) counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
