import type { Manifest } from '../model/manifest.js';

type Group = Manifest['metrics']['perGroup'][number];

/** The largest difference between two groups of one attribute; undefined where nothing can be compared. */
export function gapOf(
  groups: readonly Group[],
  isLarge: (group: Group) => boolean,
  of: (group: Group) => number | null | undefined = ({ accuracy }) => accuracy,
): number | undefined {
  const large = groups.filter(isLarge);
  const gaps = [...new Set(large.map(({ attribute }) => attribute))].flatMap((attribute) => {
    const values = large.flatMap((group) => (group.attribute === attribute ? (of(group) ?? []) : []));
    return values.length < 2 ? [] : [Math.max(...values) - Math.min(...values)];
  });
  return gaps.length === 0 ? undefined : Math.max(...gaps);
}
