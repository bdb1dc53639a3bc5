import { betaCdf, betaDeviation, type Beta } from './beta-distribution.js';

/** Places at which each distribution is looked at, in its standard deviations around its mean. */
const reach = 6;
const placesEach = 49;
/** Even places, so that no tail is left out. */
const placesAlong = 33;

/**
 * The probability of each of several independent beta variables to be the largest: what Thompson sampling would choose
 * it with (W. R. Thompson, Biometrika 25, 1933), without sampling.
 *
 *   P(i is largest) = ∫ Π_{j≠i} F_j dF_i ≈ Σ_cells [F_i(high) − F_i(low)] Π_{j≠i} ½ (F_j(low) + F_j(high))
 *
 * A Stieltjes sum over cells that are fine where any of the distributions has its mass: it needs no densities, so
 * parameters below 1 do no harm, and for two variables it sums to 1 by itself; for more it is normalised. The
 * error is below .002 against the closed form for two, and not to be told from that of 60,000 draws for three and four.
 */
export function largestOf(betas: readonly Beta[]): number[] {
  if (betas.length < 2) return betas.map(() => 1);
  const edges = edgesFor(betas);
  const shares = betas.map(() => 0);
  const below = betas.map(betaCdf);
  let low = betas.map(() => 0);
  for (let cell = 1; cell < edges.length; cell++) {
    const high = below.map((cdf) => cdf(edges[cell]!));
    for (let i = 0; i < betas.length; i++) {
      // Far out in a tail the distribution functions are rounded, and may seem to fall.
      let share = Math.max(0, high[i]! - low[i]!);
      for (let j = 0; j < betas.length && share > 0; j++) if (j !== i) share *= (low[j]! + high[j]!) / 2;
      shares[i]! += share;
    }
    low = high;
  }
  const sum = shares.reduce((total, share) => total + share, 0);
  return shares.map((share) => share / sum);
}

function edgesFor(betas: readonly Beta[]): readonly number[] {
  const edges = new Set<number>([0, 1]);
  for (let place = 1; place < placesAlong; place++) edges.add(place / placesAlong);
  for (const beta of betas) {
    const mean = beta.a / (beta.a + beta.b);
    const deviation = betaDeviation(beta);
    for (let place = 0; place < placesEach; place++) {
      const edge = mean + deviation * reach * ((2 * place) / (placesEach - 1) - 1);
      if (edge > 0 && edge < 1) edges.add(edge);
    }
  }
  return [...edges].sort((one, other) => one - other);
}
