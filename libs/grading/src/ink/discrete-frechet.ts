/**
 * The discrete Fréchet distance of two curves: the shortest leash with which two can walk along them, from place to place, never
 * backwards (T. Eiter & H. Mannila, "Computing discrete Fréchet distance", 1994): c(i, j) = max(d(i, j), min(c(i−1, j), c(i, j−1), c(i−1, j−1))).
 * Infinity where one of them has no place.
 */
export function discreteFrechet(
  one: readonly (readonly [number, number])[],
  other: readonly (readonly [number, number])[],
): number {
  const row = new Float64Array(other.length).fill(Infinity);
  for (const [i, [x, y]] of one.entries()) {
    // c(i−1, j−1) and c(i, j−1): from the walls of the table there is no way but for the first step
    let [corner, left] = [i === 0 ? 0 : Infinity, Infinity];
    for (const [j, [u, v]] of other.entries()) {
      const above = row[j]!;
      left = Math.max(Math.hypot(x - u, y - v), Math.min(above, left, corner));
      row[j] = left;
      corner = above;
    }
  }
  return one.length === 0 ? Infinity : (row.at(-1) ?? Infinity);
}
