import { matrix, type Matrix } from './matrix.js';

/** How features are brought to one measure: (x − mean) · factor. */
export interface FeatureScale {
  readonly mean: Float64Array;
  readonly factor: Float64Array;
}

/**
 * Standardises features, and weighs each by how much the labels explain of it: factor = ε² / √((s² + mean of all s²) / 2), then
 * all scaled so that the rows have a mean square length of 1.
 *
 * With ε² = max(0, 1 − (1 − η²)(n − 1)/(n − K)), the share of its variance that lies between the labels, beyond what
 * chance gives (Kelley, "An unbiased correlation ratio measure", PNAS 21, 1935). With five examples of a label most of some
 * thousand features tell nothing; what they would add is noise. Standard deviations of so few examples are shrunk half way.
 *
 * Labels are looked at, so examples that are to be predicted must not be among these.
 */
export function fitFeatureScale(x: Matrix, labels: readonly number[], classes: number): FeatureScale {
  const { rows: n, columns } = x;
  const mean = new Float64Array(columns);
  for (let at = 0; at < x.data.length; at++) mean[at % columns]! += x.data[at]! / n;
  const counts = new Float64Array(classes);
  const sums = matrix(classes, columns);
  const total = new Float64Array(columns);
  for (let row = 0; row < n; row++) {
    const label = labels[row]!;
    counts[label]! += 1;
    for (let column = 0; column < columns; column++) {
      const apart = x.data[row * columns + column]! - mean[column]!;
      sums.data[label * columns + column]! += apart;
      total[column]! += apart ** 2;
    }
  }
  const typical = total.reduce((sum, each) => sum + each, 0) / columns / n;
  const explained = total.map((all, column) => {
    if (all <= 1e-12 * n) return 0;
    let between = 0;
    for (let label = 0; label < classes; label++) {
      if (counts[label]! > 0) between += sums.data[label * columns + column]! ** 2 / counts[label]!;
    }
    return Math.max(0, 1 - ((1 - between / all) * (n - 1)) / Math.max(1, n - classes));
  });
  const isAny = explained.some((each) => each > 0);
  const factor = total.map((all, column) => {
    const spread = Math.sqrt((all / n + typical) / 2);
    return spread === 0 ? 0 : (isAny ? explained[column]! : 1) / spread;
  });
  const length = Math.sqrt(factor.reduce((sum, each, column) => sum + (each ** 2 * total[column]!) / n, 0));
  return { mean, factor: length === 0 ? factor : factor.map((each) => each / length) };
}

export function scaleFeatures(x: Matrix, { mean, factor }: FeatureScale): Matrix {
  const { rows, columns } = x;
  return {
    rows,
    columns,
    data: x.data.map((value, at) => (value - mean[at % columns]!) * factor[at % columns]!),
  };
}
