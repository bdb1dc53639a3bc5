/** Numbers in rows, one after another. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float64Array;
}

/** Zeros. */
export function matrix(rows: number, columns: number): Matrix {
  return { rows, columns, data: new Float64Array(rows * columns) };
}

/** One row, as a view. */
export function rowOf({ columns, data }: Matrix, row: number): Float64Array {
  return data.subarray(row * columns, (row + 1) * columns);
}

/** Some of the rows, in the order given. */
export function pickRows(from: Matrix, which: readonly number[]): Matrix {
  const picked = matrix(which.length, from.columns);
  which.forEach((row, at) => rowOf(picked, at).set(rowOf(from, row)));
  return picked;
}

/** a · b, with a number added to each column where they are given. */
export function product(a: Matrix, b: Matrix, plus?: Float64Array): Matrix {
  const result = matrix(a.rows, b.columns);
  const { data } = result;
  for (let row = 0; row < a.rows; row++) {
    const at = row * b.columns;
    if (plus !== undefined) data.set(plus, at);
    for (let k = 0; k < a.columns; k++) {
      const value = a.data[row * a.columns + k]!;
      if (value === 0) continue;
      for (let column = 0; column < b.columns; column++) data[at + column]! += value * b.data[k * b.columns + column]!;
    }
  }
  return result;
}

/** aᵀ · b */
export function transposedProduct(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.columns, b.columns);
  const { data } = result;
  for (let row = 0; row < a.rows; row++) {
    const from = row * b.columns;
    for (let k = 0; k < a.columns; k++) {
      const value = a.data[row * a.columns + k]!;
      if (value === 0) continue;
      const at = k * b.columns;
      for (let column = 0; column < b.columns; column++) data[at + column]! += value * b.data[from + column]!;
    }
  }
  return result;
}

/**
 * The lower triangle L with L · Lᵀ = x · xᵀ + a ridge of 10⁻⁹ of the mean of its diagonal (Cholesky). Its rows have the same
 * products with one another as those of x, in as many columns as there are rows.
 */
export function triangleOf(x: Matrix): Matrix {
  const n = x.rows;
  const triangle = matrix(n, n);
  const { data } = triangle;
  let trace = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) data[i * n + j] = dot(rowOf(x, i), rowOf(x, j), x.columns);
    trace += data[i * n + i]!;
  }
  const ridge = Math.max((1e-9 * trace) / n, 1e-12);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const rest = data[i * n + j]! - dot(rowOf(triangle, i), rowOf(triangle, j), j);
      data[i * n + j] = i === j ? Math.sqrt(Math.max(rest, 0) + ridge) : rest / data[j * n + j]!;
    }
  }
  return triangle;
}

/** The a with Lᵀ · a = v, for a lower triangle L. */
export function solveTransposed({ rows: n, data: l }: Matrix, v: Matrix): Matrix {
  const a = { ...v, data: Float64Array.from(v.data) };
  for (let i = n - 1; i >= 0; i--) {
    const here = rowOf(a, i);
    for (let k = i + 1; k < n; k++) {
      const [factor, there] = [l[k * n + i]!, rowOf(a, k)];
      for (let column = 0; column < v.columns; column++) here[column]! -= factor * there[column]!;
    }
    for (let column = 0; column < v.columns; column++) here[column]! /= l[i * n + i]!;
  }
  return a;
}

/** Σ aᵢ bᵢ over the first so many. */
function dot(a: Float64Array, b: Float64Array, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += a[i]! * b[i]!;
  return sum;
}
