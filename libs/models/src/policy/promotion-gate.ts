import type { Manifest } from '../model/manifest.js';
import { isSynthetic, type ShadowComparison, type Verification } from '../model/model-package.js';
import { atLeast, atMost, line, shown, type GateLine } from './gate-line.js';
import { isCrossValidated, shownAccuracy } from './shown-accuracy.js';

export interface GateInput {
  readonly manifest: Manifest;
  readonly verification: Verification;
  /** Beside the active one on live work; null where nothing is active under its name. */
  readonly comparison: ShadowComparison | null;
  /** Since when it is in shadow; null where it is not. */
  readonly shadowSince: Date | null;
  readonly now: Date;
}

/** The bars, each with where it comes from in docs/decisions. */
export const gateNumbers = {
  grading: {
    examples: 30,
    examplesPerLabel: 5,
    ece: 0.1,
    worstRecall: 0.5,
    meanAveragePrecision: 0.5,
    groupGap: 0.1,
    groupExamples: 30,
    /** Groups left out in turn, of cross-validation. */
    crossValidatedGroups: 10,
    latency: 2_000,
    settled: 30,
    /** The active one may not be more than this much better, at the upper end of a 95 % interval. */
    shadowLoss: 0.05,
  },
  engagement: {
    students: 20,
    positives: 50,
    positiveStudents: 8,
    auc: 0.65,
    aucLower: 0.55,
    f1OverMajority: 0.15,
    kappa: 0.4,
    aucGain: 0.03,
    ece: 0.08,
    precision: 0.6,
    coverage: 0.6,
    groupGap: 0.08,
    groupFalseAlarms: 0.08,
    groupAbstained: 0.1,
    groupStudents: 10,
    parity: 1e-3,
    shadowDays: 14,
  },
} as const;

/** What a model has to show before it may judge. All lines have to be met. */
export function promotionGate(input: GateInput): readonly GateLine[] {
  return input.manifest.task === 'engagement-window' ? engagementGate(input) : gradingGate(input);
}

function gradingGate({ manifest, verification, comparison }: GateInput): GateLine[] {
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
    ...(comparison === null ? [] : comparisonLines(comparison)),
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

/**
 * The paired comparison on live work: the difference of two accuracies on the same works has the variance
 * (b + c − (b − c)²/n) / n², with b and c the works that only one of the two had right (McNemar's table).
 */
function comparisonLines({ settled, onlyShadowRight: b, onlyActiveRight: c, failed }: ShadowComparison): GateLine[] {
  const bar = gateNumbers.grading;
  const loss = settled === 0 ? null : (c - b) / settled;
  const error = settled === 0 ? 0 : Math.sqrt(Math.max(b + c - (b - c) ** 2 / settled, 0)) / settled;
  const upper = loss === null ? null : loss + 1.96 * error;
  return [
    atLeast('works compared in shadow and settled by teachers', bar.settled, settled),
    line(
      'not worse than the active one',
      `upper 95 % bound of what it loses at most ${bar.shadowLoss}`,
      upper === null ? null : shown(upper),
      upper !== null && upper <= bar.shadowLoss,
    ),
    atMost('works on which it failed', 0, failed),
  ];
}

function engagementGate({ manifest, verification, shadowSince, now }: GateInput): GateLine[] {
  const bar = gateNumbers.engagement;
  const { metrics, dataset } = manifest;
  const { overall, perClass, perGroup } = metrics;
  const large = ({ groups = 0 }: { groups?: number | undefined }): boolean => groups >= bar.groupStudents;
  const days = shadowSince === null ? 0 : (now.getTime() - shadowSince.getTime()) / 86_400_000;
  const rated = perClass.filter(({ auc }) => auc !== undefined);
  const least = (of: (each: Manifest['metrics']['perClass'][number]) => number | undefined): number | undefined =>
    rated.length === 0 ? undefined : Math.min(...rated.map((each) => of(each) ?? 0));
  const gained =
    overall.macroF1 === undefined || overall.majorityF1 === undefined
      ? undefined
      : overall.macroF1 - overall.majorityF1;
  return [
    line('real students', 'learnt from people, not from a program', dataset.consentBasis, !isSynthetic(dataset)),
    line(
      'split by student',
      'no student in two splits',
      dataset.splitBy,
      ['subject', 'student'].includes(dataset.splitBy),
    ),
    line('held-out', 'measured on students that training never saw', metrics.split, metrics.split === 'test'),
    atLeast('students', bar.students, metrics.groups),
    atLeast(
      'windows of every state',
      bar.positives,
      least(({ examples }) => examples),
    ),
    atLeast(
      'students of every state',
      bar.positiveStudents,
      least(({ groups }) => groups),
    ),
    atLeast(
      'AUC of the worst state',
      bar.auc,
      least(({ auc }) => auc),
    ),
    atLeast(
      'lower bound of it',
      bar.aucLower,
      least(({ aucLower }) => aucLower),
    ),
    atLeast('macro F1 above always the most frequent', bar.f1OverMajority, gained),
    atLeast('weighted kappa', bar.kappa, overall.kappa),
    atLeast('AUC above behaviour and content', bar.aucGain, overall.aucGain?.difference),
    line(
      'and not by chance',
      'lower 95 % bound above 0',
      overall.aucGain === undefined ? null : shown(overall.aucGain.lower),
      (overall.aucGain?.lower ?? 0) > 0,
    ),
    atMost('calibration error', bar.ece, overall.ece),
    atLeast('precision where it speaks', bar.precision, overall.selective?.precision),
    atLeast('share in which it speaks', bar.coverage, overall.selective?.coverage),
    atMost('gap between groups', bar.groupGap, gapOf(perGroup, large)),
    atMost(
      'gap in false alarms',
      bar.groupFalseAlarms,
      gapOf(perGroup, large, ({ falseAlarms }) => falseAlarms),
    ),
    atMost(
      'gap in saying nothing',
      bar.groupAbstained,
      gapOf(perGroup, large, ({ abstained }) => abstained),
    ),
    atMost('deviation between runtimes', bar.parity, verification.golden.tensor),
    atLeast('days in shadow', bar.shadowDays, days),
  ];
}

type Group = Manifest['metrics']['perGroup'][number];

/** The largest difference between two groups of one attribute; undefined where nothing can be compared. */
function gapOf(
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
