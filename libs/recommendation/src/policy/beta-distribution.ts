/** Parameters of a beta distribution, both above 0: mean a / (a + b), the firmer the larger their sum. */
export interface Beta {
  readonly a: number;
  readonly b: number;
}

/**
 * P(X ≤ x) of a beta distribution, as a function of x: the regularised incomplete beta function, by its continued
 * fraction in Lentz's form (Press et al., "Numerical Recipes", 3rd ed., § 6.4). Relative error about 1e-12.
 */
export function betaCdf({ a, b }: Beta): (x: number) => number {
  const constant = logGamma(a + b) - logGamma(a) - logGamma(b);
  return (x) => {
    if (x <= 0) return 0;
    if (x >= 1) return 1;
    const front = Math.exp(constant + a * Math.log(x) + b * Math.log1p(-x));
    // the fraction converges fast on this side of the mean only
    return x < (a + 1) / (a + b + 2) ? (front * fraction(x, a, b)) / a : 1 - (front * fraction(1 - x, b, a)) / b;
  };
}

/** Standard deviation: √(ab / ((a + b)² (a + b + 1))). */
export function betaDeviation({ a, b }: Beta): number {
  return Math.sqrt((a * b) / ((a + b) ** 2 * (a + b + 1)));
}

const tiny = 1e-300;

function fraction(x: number, a: number, b: number): number {
  const away = (value: number): number => (Math.abs(value) < tiny ? tiny : value);
  let c = 1;
  let d = 1 / away(1 - ((a + b) * x) / (a + 1));
  let result = d;
  // about √max(a, b) rounds are needed: 10,000 serve up to a hundred million observations
  for (let m = 1; m <= 10_000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / away(1 + even * d);
    c = away(1 + even / c);
    result *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / away(1 + odd * d);
    c = away(1 + odd / c);
    result *= d * c;
    if (Math.abs(d * c - 1) < 1e-13) break;
  }
  return result;
}

const lanczos = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313, -176.61502916214059,
  12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6, 1.5056327351493116e-7,
] as const;

/** ln Γ(x) for x > 0: Lanczos's approximation with g = 7 and nine terms. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  let sum: number = lanczos[0];
  for (let index = 1; index < lanczos.length; index++) sum += lanczos[index]! / (x - 1 + index);
  const t = x + 6.5;
  return 0.5 * Math.log(2 * Math.PI) + (x - 0.5) * Math.log(t) - t + Math.log(sum);
}
