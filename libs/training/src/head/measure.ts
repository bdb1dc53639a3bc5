import { countConfusion, kappaOf, macroMean, measuresByLabel, packageLimits, type Manifest } from '#libs/models';
import { calibrationError, mostProbable } from './calibration.js';
import { rowOf, type Matrix } from './matrix.js';

/** Examples with what was given for each by a model that had never seen its group. */
export interface Measured {
  readonly probs: Matrix;
  /** The true class of each. */
  readonly labels: readonly number[];
  readonly groups: readonly string[];
  /** For metrics by group, such as the device. */
  readonly attributes: readonly Readonly<Record<string, string>>[];
  /** SHA-256 of each picture. */
  readonly digests: readonly string[];
}

type Metrics = Manifest['metrics'];

/** `metrics` of the manifest, as attune_training/metrics.py has them. */
export function metricsOf(
  measured: Measured,
  names: readonly string[],
  folds: number,
  abstainBelow: number | null,
): Metrics {
  const { probs, labels, groups } = measured;
  const judged = Array.from({ length: probs.rows }, (_, row) => {
    const given = mostProbable(rowOf(probs, row));
    return { given, confidence: rowOf(probs, row)[given]!, isRight: given === labels[row] };
  });
  const right = judged.map(({ isRight }) => isRight);
  const confusion = countConfusion(
    judged.map(({ given }, row) => ({ truth: labels[row]!, given })),
    names.length,
  );
  const perClass = measuresByLabel(confusion, names);
  return {
    split: 'cross-validation',
    folds,
    examples: labels.length,
    groups: new Set(groups).size,
    overall: {
      accuracy: meanOf(right),
      macroF1: macroMean(perClass, 'f1'),
      kappa: kappaOf(confusion),
      ece: calibrationError(probs, labels),
      ...(abstainBelow === null
        ? {}
        : { abstained: meanOf(judged.map(({ confidence }) => confidence < abstainBelow)) }),
    },
    perClass,
    perGroup: byAttribute(measured.attributes, right),
    confusion,
    mistakes: judged
      .map(({ given, confidence, isRight }, row) => ({ row, given, confidence, isRight }))
      .filter(({ isRight }) => !isRight)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, packageLimits.mistakes)
      .map(({ row, given, confidence }) => ({
        sha256: measured.digests[row]!,
        label: names[labels[row]!]!,
        given: names[given]!,
        probability: confidence,
      })),
  };
}

function byAttribute(
  attributes: readonly Readonly<Record<string, string>>[],
  right: readonly boolean[],
): Metrics['perGroup'] {
  const found = new Map<string, { attribute: string; value: string; right: boolean[] }>();
  attributes.forEach((each, row) => {
    for (const [attribute, value] of Object.entries(each)) {
      const key = JSON.stringify([attribute, value]);
      if (!found.has(key)) found.set(key, { attribute, value, right: [] });
      found.get(key)!.right.push(right[row]!);
    }
  });
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => ({
      attribute: group.attribute,
      value: group.value,
      examples: group.right.length,
      accuracy: meanOf(group.right),
    }));
}

function meanOf(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}
