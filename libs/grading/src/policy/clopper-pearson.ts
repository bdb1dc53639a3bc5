import { binomialTail } from '#libs/models';

/**
 * The one-sided bound of a proportion of which k of n cases are known (Clopper & Pearson, "The use of confidence or fiducial
 * limits", Biometrika 1934): the proportion p at which so few cases, P(X ≤ k | n, p), have the probability `doubt`. It is exact: whatever
 * the proportion is, the bound lies below it in at most that share of samples. With k = 0 it is 1 − doubt^(1/n).
 * @param doubt in (0, 1); .05 gives the upper 95 % bound
 * @returns 1 where nothing was tried, or all were cases
 */
export function upperBound(k: number, n: number, doubt = 0.05): number {
  if (k >= n) return 1;
  let [low, high] = [k / n, 1];
  // The tail falls as the proportion rises. 60 halvings leave less than a double can tell.
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (binomialTail(k, n, middle) > doubt) low = middle;
    else high = middle;
  }
  return high;
}

/** The one-sided lower bound: what is below it has the probability `doubt` to show k cases of n, or more. */
export function lowerBound(k: number, n: number, doubt = 0.05): number {
  return n === 0 ? 0 : 1 - upperBound(n - k, n, doubt);
}

/** How few of n trials it takes, with k cases among them, for the upper bound to reach `most`; in (0, 1). */
export function trialsFor(k: number, most: number, doubt = 0.05): number {
  let high = k + 1;
  while (binomialTail(k, high, most) > doubt) high *= 2;
  let low = k;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (binomialTail(k, middle, most) > doubt) low = middle;
    else high = middle;
  }
  return high;
}
