import { matrix, rowOf, type Matrix } from './matrix.js';

/** Neighbours by which the density around an example is told. */
const neighbours = 10;

/** Euclidean distances of all rows to one another. */
export function pairwiseDistances(embeddings: Matrix): Matrix {
  const { rows, columns } = embeddings;
  const distances = matrix(rows, rows);
  for (let one = 0; one < rows; one++) {
    const a = rowOf(embeddings, one);
    for (let other = 0; other < one; other++) {
      const b = rowOf(embeddings, other);
      let sum = 0;
      for (let column = 0; column < columns; column++) sum += (a[column]! - b[column]!) ** 2;
      distances.data[one * rows + other] = distances.data[other * rows + one] = Math.sqrt(sum);
    }
  }
  return distances;
}

/**
 * What to label first: greedy k-centre, each the one furthest from all that were chosen before, from the one in the middle on
 * (Gonzalez 1985; Sener and Savarese, "Active learning for convolutional neural networks: a core-set approach", 2018). So every kind
 * of example comes soon, however rare it is.
 */
export function kCentres(distances: Matrix, count: number): number[] {
  const { rows } = distances;
  const spread = Array.from({ length: rows }, (_, row) => rowOf(distances, row).reduce((sum, each) => sum + each, 0));
  const chosen: number[] = [];
  const away = new Float64Array(rows).fill(Infinity);
  while (chosen.length < Math.min(count, rows)) {
    const next = chosen.length === 0 ? spread.indexOf(Math.min(...spread)) : indexOfLargest(away);
    chosen.push(next);
    rowOf(distances, next).forEach((distance, row) => (away[row] = Math.min(away[row]!, distance)));
    away[next] = -1;
  }
  return chosen;
}

/**
 * What to label next: (1 − margin) · density, where the margin is between the two likeliest labels of an example (Scheffer
 * et al. 2001), and the density is typical / own mean distance to its nearest {@link neighbours} (Settles and Craven 2008). So what
 * is asked is not clear yet, and speaks for many.
 * @param probs of each example by a head that learnt from those that are labelled
 * @param isLabelled asked for each
 */
export function nextToLabel(
  distances: Matrix,
  probs: Matrix,
  isLabelled: (example: number) => boolean,
  count: number,
): number[] {
  const apart = Array.from({ length: distances.rows }, (_, row) => {
    const nearest = Array.from(rowOf(distances, row))
      .sort((a, b) => a - b)
      .slice(1, neighbours + 1);
    return nearest.reduce((sum, each) => sum + each, 0) / Math.max(1, nearest.length);
  });
  const typical = apart.toSorted((a, b) => a - b)[Math.floor(apart.length / 2)] ?? 1;
  return apart
    .map((own, example) => ({
      example,
      value: (1 - marginOf(rowOf(probs, example))) * (typical / Math.max(own, 1e-9)),
    }))
    .filter(({ example }) => !isLabelled(example))
    .sort((a, b) => b.value - a.value || a.example - b.example)
    .slice(0, count)
    .map(({ example }) => example);
}

/** Between the likeliest and the next. */
function marginOf(probs: Float64Array): number {
  const [first = 1, second = 0] = Array.from(probs).sort((a, b) => b - a);
  return first - second;
}

function indexOfLargest(values: Float64Array): number {
  let best = 0;
  for (let at = 1; at < values.length; at++) if (values[at]! > values[best]!) best = at;
  return best;
}
