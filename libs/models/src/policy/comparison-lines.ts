import type { ShadowComparison } from '../model/model-package.js';
import { atLeast, atMost, line, shown, type GateLine } from './gate-line.js';

/** What a comparison on live work has to show. */
export interface ComparisonBar {
  /** What is compared, in the plural. */
  readonly of: 'works' | 'windows';
  /** How many of them have to be compared. */
  readonly settled: number;
  /** What the model may lose of the active one's accuracy, from 0 to 1, at the upper end of a 95 % interval. */
  readonly shadowLoss: number;
}

/**
 * The paired comparison on live work: the difference of two accuracies on the same works has the variance
 * (b + c − (b − c)²/n) / n², with b and c the works that only one of the two had right (McNemar's table).
 */
export function comparisonLines(
  { settled, onlyShadowRight: b, onlyActiveRight: c, failed }: ShadowComparison,
  bar: ComparisonBar,
): GateLine[] {
  const loss = settled === 0 ? null : (c - b) / settled;
  const error = settled === 0 ? 0 : Math.sqrt(Math.max(b + c - (b - c) ** 2 / settled, 0)) / settled;
  const upper = loss === null ? null : loss + 1.96 * error;
  return [
    atLeast(enough[bar.of], bar.settled, settled),
    line(
      'not worse than the active one',
      `upper 95 % bound of what it loses at most ${bar.shadowLoss}`,
      upper === null ? null : shown(upper),
      upper !== null && upper <= bar.shadowLoss,
    ),
    atMost(`${bar.of} on which it failed`, 0, failed),
  ];
}

const enough = {
  works: 'works compared in shadow and settled by teachers',
  windows: 'windows compared in shadow and settled',
} as const;
