import type { Manifest } from '../model/manifest.js';
import { wilsonLower } from './wilson.js';

/** What a classifier has shown on held-out examples. */
export interface ShownAccuracy {
  /** Share of the most frequent label: what always giving it would have right. */
  readonly guessing: number;
  /** Lower 95 % bound of its accuracy; undefined where it states none. */
  readonly lower: number | undefined;
}

/** The accuracy that a manifest states, with what chance leaves of it. */
export function shownAccuracy({ metrics }: Manifest): ShownAccuracy {
  const { examples, perClass, overall } = metrics;
  const counted = new Map(perClass.map((each) => [each.label, each.examples]));
  const trials = isCrossValidated(metrics) ? examples / 2 : examples;
  return {
    guessing: largestShare([...counted.values()]),
    lower: overall.accuracy === undefined ? undefined : wilsonLower(overall.accuracy * trials, trials),
  };
}

/** Whether it was measured by leaving groups out in turn. */
export function isCrossValidated({ split }: Manifest['metrics']): boolean {
  return split === 'cross-validation';
}

function largestShare(counts: readonly number[]): number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 1 : Math.max(...counts) / total;
}
