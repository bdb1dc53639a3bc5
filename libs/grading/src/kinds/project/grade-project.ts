import { blankCriterion } from '../graded-by-rules.js';
import {
  accuracyOf,
  countConfusion,
  kappaOf,
  macroMean,
  measuresByLabel,
  mostConfused,
  type ConfusionMatrix,
  type LabelMeasures,
} from '#libs/models';
import type { CriterionScore, GradingResult, ProjectReport } from '../../model/grading-result.js';
import type { Project, ProjectCriterion } from './project.js';

/** What was predicted for each test image, and what it is. */
export interface JudgedExample {
  readonly truth: string;
  readonly given: string;
}

/**
 * The score of predictions: each criterion earns `points · clamp((value − floor) / (target − floor), 0, 1)`, rounded to 4 digits.
 * It is measured, not estimated, so its confidence is 1.
 * @param labels of the test set; every truth and prediction is one of them
 */
export function gradeProject(
  { criteria }: Project,
  labels: readonly string[],
  judged: readonly JudgedExample[],
): Pick<GradingResult, 'total' | 'maximum' | 'confidence' | 'criteria' | 'report'> {
  const numbers = new Map(labels.map((label, index) => [label, index]));
  const confusion = countConfusion(
    judged.map(({ truth, given }) => ({ truth: numbers.get(truth)!, given: numbers.get(given)! })),
    labels.length,
  );
  const report = reportOf(confusion, labels);
  const scored = criteria.map((criterion) => score(criterion, confusion, report));
  return {
    total: round(scored.reduce((sum, { awarded }) => sum + awarded, 0)),
    maximum: scored.reduce((sum, { points }) => sum + points, 0),
    confidence: 1,
    criteria: scored,
    report,
  };
}

function score(criterion: ProjectCriterion, confusion: ConfusionMatrix, report: ProjectReport): CriterionScore {
  const { floor, target, points, measure } = criterion;
  const value = valueOf(criterion, confusion, report.byLabel);
  const awarded = round(points * Math.min(1, Math.max(0, (value - floor) / (target - floor))));
  const isRight = value >= target;
  const parameters = {
    measure,
    value: round(value),
    target,
    ...(report.weakest !== null && { weakest: report.weakest }),
  };
  return {
    ...blankCriterion(criterion),
    awarded,
    confidence: 1,
    error: isRight ? null : 'below-target',
    hint: isRight ? null : { key: 'below-target', parameters },
  };
}

function valueOf(
  { measure, of }: ProjectCriterion,
  confusion: ConfusionMatrix,
  byLabel: readonly LabelMeasures[],
): number {
  switch (measure) {
    case 'accuracy':
      return accuracyOf(confusion);
    case 'balanced-accuracy':
      return macroMean(byLabel, 'recall');
    case 'macro-f1':
      return macroMean(byLabel, 'f1');
    case 'kappa':
      return kappaOf(confusion);
    case 'recall':
      return byLabel.find(({ label }) => label === of)?.recall ?? 0;
  }
}

/** The weakest label is the one with the lowest F1 that is not perfect; of equals the one with more examples. */
function reportOf(confusion: ConfusionMatrix, labels: readonly string[]): ProjectReport {
  const byLabel = measuresByLabel(confusion, labels);
  const [weakest] = byLabel
    .filter(({ f1 }) => f1 !== null && f1 < 1)
    .sort((a, b) => a.f1! - b.f1! || b.examples - a.examples);
  return {
    labels,
    examples: byLabel.reduce((sum, { examples }) => sum + examples, 0),
    accuracy: accuracyOf(confusion),
    confusion,
    byLabel,
    weakest: weakest?.label ?? null,
    mostConfused: mostConfused(confusion, labels),
  };
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
