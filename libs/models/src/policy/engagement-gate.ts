import type { Manifest } from '../model/manifest.js';
import { isSynthetic } from '../model/model-package.js';
import { comparisonLines } from './comparison-lines.js';
import type { GateInput } from './gate-input.js';
import { atLeast, atMost, line, shown, type GateLine } from './gate-line.js';
import { gateNumbers } from './gate-numbers.js';
import { gapOf } from './group-gap.js';

/**
 * What a model has to show before it may judge how engaged learners are. Unlike in grading, none becomes active without a
 * comparison on live windows: while nothing judges live, that line is missed.
 */
export function engagementGate({ manifest, verification, comparison, shadowSince, now }: GateInput): GateLine[] {
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
    ...(comparison === null ? [notCompared] : comparisonLines(comparison, { ...bar, of: 'windows' })),
  ];
}

/** Stands where there is no comparison: nothing is active under its name, or what judges does not judge live windows yet. */
const notCompared: GateLine = line(
  'compared live',
  `with the active model on at least ${gateNumbers.engagement.settled} windows`,
  null,
  false,
);
