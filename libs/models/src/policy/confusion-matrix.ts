/** How many examples of each true label (row) were given each label (column), both in the order of the labels. */
export type ConfusionMatrix = readonly (readonly number[])[];

/** How well one label is told from the others; null where there is nothing to divide by. */
export interface LabelMeasures {
  readonly label: string;
  /** Examples whose true label it is. */
  readonly examples: number;
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** Two labels that are mistaken for each other: how often the first was given for the second. */
export interface Confusion {
  readonly given: string;
  readonly instead: string;
  readonly examples: number;
  /** Examples whose true label is `instead`. */
  readonly of: number;
}

/** @param labels how many there are; `truth` and `given` are their numbers, from 0 */
export function countConfusion(
  judged: readonly { readonly truth: number; readonly given: number }[],
  labels: number,
): number[][] {
  const counts = Array.from({ length: labels }, () => Array.from({ length: labels }, () => 0));
  for (const { truth, given } of judged) counts[truth]![given]! += 1;
  return counts;
}

/** Share of examples that were given their true label. */
export function accuracyOf(confusion: ConfusionMatrix): number {
  const total = confusion.flat().reduce((sum, count) => sum + count, 0);
  return confusion.reduce((sum, row, label) => sum + row[label]!, 0) / total;
}

export function measuresByLabel(confusion: ConfusionMatrix, labels: readonly string[]): LabelMeasures[] {
  return labels.map((label, index) => {
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

/** The mean over the labels that have a value, each counting the same. */
export function macroMean(byLabel: readonly LabelMeasures[], measure: 'f1' | 'recall'): number {
  const present = byLabel.flatMap((each) => (each[measure] === null ? [] : [each[measure]]));
  return present.reduce((sum, value) => sum + value, 0) / present.length;
}

/** Cohen's κ = 1 − observed disagreement / that of chance; 0 where there is nothing to disagree on. */
export function kappaOf(confusion: ConfusionMatrix): number {
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

/** The pairs of labels that are mistaken most, as a share of the examples of the true one; five at most. */
export function mostConfused(confusion: ConfusionMatrix, labels: readonly string[]): Confusion[] {
  return confusion
    .flatMap((row, label) =>
      row.map((examples, given) => ({ label, given, examples, of: row.reduce((sum, each) => sum + each, 0) })),
    )
    .filter(({ label, given, examples }) => label !== given && examples > 0)
    .sort((a, b) => b.examples / b.of - a.examples / a.of)
    .slice(0, 5)
    .map(({ label, given, examples, of }) => ({ given: labels[given]!, instead: labels[label]!, examples, of }));
}
