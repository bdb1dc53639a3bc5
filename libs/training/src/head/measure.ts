import type { Manifest } from '#libs/models';
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
}

/** Two labels that are mistaken for each other: how often the first was given for the second. */
export interface Confusion {
  readonly given: string;
  readonly instead: string;
  readonly examples: number;
  readonly of: number;
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
  const confusion = names.map(() => names.map(() => 0));
  judged.forEach(({ given }, row) => (confusion[labels[row]!]![given]! += 1));
  const perClass = byLabel(confusion, names);
  const present = perClass.flatMap(({ f1 }) => (f1 === null ? [] : [f1]));
  return {
    split: 'cross-validation',
    folds,
    examples: labels.length,
    groups: new Set(groups).size,
    overall: {
      accuracy: meanOf(right),
      macroF1: present.reduce((sum, f1) => sum + f1, 0) / present.length,
      kappa: kappaOf(confusion),
      ece: calibrationError(probs, labels),
      ...(abstainBelow === null
        ? {}
        : { abstained: meanOf(judged.map(({ confidence }) => confidence < abstainBelow)) }),
    },
    perClass,
    perGroup: byAttribute(measured.attributes, right),
    confusion,
  };
}

/** The pairs of labels that are mistaken most, five at most. */
export function mostConfused({ confusion = [] }: Metrics, names: readonly string[]): Confusion[] {
  return confusion
    .flatMap((row, label) =>
      row.map((examples, given) => ({ label, given, examples, of: row.reduce((sum, each) => sum + each, 0) })),
    )
    .filter(({ label, given, examples }) => label !== given && examples > 0)
    .sort((a, b) => b.examples / b.of - a.examples / a.of)
    .slice(0, 5)
    .map(({ label, given, examples, of }) => ({ given: names[given]!, instead: names[label]!, examples, of }));
}

function byLabel(confusion: readonly (readonly number[])[], names: readonly string[]): Metrics['perClass'] {
  return names.map((label, index) => {
    const hit = confusion[index]![index]!;
    const examples = confusion[index]!.reduce((sum, count) => sum + count, 0);
    const given = confusion.reduce((sum, row) => sum + row[index]!, 0);
    return {
      label,
      examples,
      precision: given === 0 ? null : hit / given,
      recall: examples === 0 ? null : hit / examples,
      f1: examples + given === 0 ? null : (2 * hit) / (examples + given),
    };
  });
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

/** Cohen's κ = 1 − observed disagreement / that of chance; 0 where there is nothing to disagree on. */
function kappaOf(confusion: readonly (readonly number[])[]): number {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  const [rows, columns] = [confusion.map(() => 0), confusion.map(() => 0)];
  let apart = 0;
  confusion.forEach((row, label) =>
    row.forEach((count, given) => {
      rows[label]! += count;
      columns[given]! += count;
      if (label !== given) apart += count;
    }),
  );
  const byChance = total - rows.reduce((sum, count, label) => sum + (count * columns[label]!) / total, 0);
  return byChance === 0 ? 0 : 1 - apart / byChance;
}

function meanOf(values: readonly boolean[]): number {
  return values.filter(Boolean).length / values.length;
}
