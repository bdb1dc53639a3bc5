import type { EngagementLabel } from '../model/behaviour.js';

/** How long one period of a class's engagement is. There is one length: two of them could be held against each other. */
export const periodMs = 5 * 60_000;

/** Fewer learners are not told of: a group of them would tell of each. */
export const leastGroup = 5;

/** Shares are told in steps of a tenth, so that one learner who comes or goes is not read off them. */
const step = 0.1;

/** Learners of a class who were last seen so in a period. */
export interface PeriodCount {
  /** Start of the period, Unix milliseconds. */
  readonly at: number;
  readonly label: EngagementLabel;
  readonly learners: number;
}

/** What is told of a class in one period. */
export interface ClassPeriod {
  readonly at: number;
  /** Null where they are fewer than {@link leastGroup}. */
  readonly learners: number | null;
  /** Of each label that at least a twentieth was last seen with, the most first; empty where the group is too small. */
  readonly shares: readonly { readonly label: EngagementLabel; readonly share: number }[];
}

/** The period in which a moment lies, by its start. */
export function periodOf(at: number): number {
  return at - (at % periodMs);
}

/** What may be told of a class from one moment to another, period by period; those in which nobody did anything are left out. */
export function summariseClass(counts: readonly PeriodCount[]): ClassPeriod[] {
  return [...new Set(counts.map(({ at }) => at))]
    .sort((a, b) => a - b)
    .map((at) => {
      const rows = counts.filter((row) => row.at === at);
      const learners = rows.reduce((sum, row) => sum + row.learners, 0);
      if (learners < leastGroup) return { at, learners: null, shares: [] };
      const shares = rows
        .map(({ label, learners: some }) => ({
          label,
          share: Math.round(some / learners / step) / Math.round(1 / step),
        }))
        .filter(({ share }) => share > 0)
        .sort((a, b) => b.share - a.share || (a.label < b.label ? -1 : 1));
      return { at, learners, shares };
    });
}
