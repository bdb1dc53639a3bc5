import type { Manifest } from '../model/manifest.js';
import { comparisonLines } from './comparison-lines.js';
import type { GateInput } from './gate-input.js';
import { atLeast, atMost, line, shown, type GateLine } from './gate-line.js';
import { gateNumbers } from './gate-numbers.js';
import { gapOf } from './group-gap.js';
import { isCrossValidated, shownAccuracy } from './shown-accuracy.js';

/** What a model has to show before it may grade. */
export function gradingGate({ manifest, verification, comparison }: GateInput): GateLine[] {
  const bar = gateNumbers.grading;
  const { metrics, dataset } = manifest;
  const { overall, perClass, perGroup } = metrics;
  const counted = new Map(perClass.map(({ label, examples }) => [label, examples]));
  const fewest = Math.min(...manifest.labels.map((label) => counted.get(label) ?? 0));
  const lines = [
    ...heldOutLines(metrics),
    atLeast('examples', bar.examples, metrics.examples),
    atLeast('examples of every label', bar.examplesPerLabel, fewest),
    atMost('milliseconds for one example', bar.latency, verification.latency.p95),
  ];
  if (manifest.task === 'image-classification') {
    const { guessing, lower } = shownAccuracy(manifest);
    const recalls = perClass.flatMap(({ recall }) => (recall === null ? [] : [recall]));
    lines.push(
      atMost('calibration error', bar.ece, overall.ece),
      line(
        'better than guessing',
        `lower 95 % bound of accuracy above ${shown(guessing)}`,
        lower === undefined ? null : shown(lower),
        lower !== undefined && lower > guessing,
      ),
      atLeast('recall of the worst label', bar.worstRecall, recalls.length === 0 ? undefined : Math.min(...recalls)),
      atMost('gap between groups', bar.groupGap, gapOf(perGroup, ({ examples }) => examples >= bar.groupExamples) ?? 0),
    );
  } else {
    // Its scores rank boxes and are no probabilities of being right: the average precision looks at their order alone.
    lines.push(atLeast('mean average precision', bar.meanAveragePrecision, overall.meanAveragePrecision));
  }
  lines.push(
    line('consent', 'a ground on which the examples may be used', dataset.consentBasis, true),
    ...(comparison === null ? [] : comparisonLines(comparison, { ...bar, of: 'works' })),
  );
  return lines;
}

/**
 * Nested cross-validation counts as held out: what judged an example had never seen its group, not even to choose its settings. But
 * its models share most of what they learnt from, so their errors are not independent: few groups are not enough, and
 * examples count half where chance is reckoned with (Bates, Hastie and Tibshirani, "Cross-validation: what does it estimate and how
 * well does it do it?", JASA 2023).
 */
function heldOutLines(metrics: Manifest['metrics']): GateLine[] {
  const isCrossed = isCrossValidated(metrics);
  const measured = isCrossed ? `${metrics.split}, ${metrics.folds} folds` : metrics.split;
  const isMet = isCrossed || metrics.split === 'test';
  return [
    line('held-out', 'measured on examples that training never saw', measured, isMet),
    ...(isCrossed
      ? [atLeast('groups that were left out in turn', gateNumbers.grading.crossValidatedGroups, metrics.groups)]
      : []),
  ];
}
