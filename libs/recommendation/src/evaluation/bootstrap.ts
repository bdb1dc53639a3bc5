import type { Rng } from '#libs/kernel';

/** An estimate with the ends of its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Sums over the decisions of one learner: whatever is estimated is a function of such sums. */
export type Sums = Float64Array;

/**
 * Percentile intervals by a bootstrap over learners (Efron 1979; learners, because decisions of one learner hang
 * together: Field & Welsh 2007): as many are drawn as there are, with replacement, `repeats` times.
 *
 * @param clusters sums of each learner, all of the same length
 * @param statistics what to estimate, from the sums over all
 */
export function bootstrap<Name extends string>(
  clusters: readonly Sums[],
  statistics: Readonly<Record<Name, (sums: Sums) => number>>,
  rng: Rng,
  repeats: number,
): Readonly<Record<Name, Estimate>> {
  const width = clusters[0]?.length ?? 0;
  const names = Object.keys(statistics) as Name[];
  const rows = new Float64Array(width * clusters.length);
  for (const [place, cluster] of clusters.entries()) rows.set(cluster, place * width);
  const drawn = new Map(names.map((name) => [name, new Float64Array(repeats)]));
  const sums = new Float64Array(width);
  for (let repeat = 0; repeat < repeats; repeat++) {
    sums.fill(0);
    for (let n = 0; n < clusters.length; n++) {
      const start = width * Math.floor(rng() * clusters.length);
      for (let j = 0; j < width; j++) sums[j]! += rows[start + j]!;
    }
    for (const name of names) drawn.get(name)![repeat] = statistics[name](sums);
  }
  const whole = new Float64Array(width);
  for (const cluster of clusters) for (let j = 0; j < width; j++) whole[j]! += cluster[j]!;
  const estimates = names.map((name): [Name, Estimate] => {
    const sorted = drawn.get(name)!.sort();
    return [name, { value: statistics[name](whole), low: quantile(sorted, 0.025), high: quantile(sorted, 0.975) }];
  });
  return Object.fromEntries(estimates) as Record<Name, Estimate>;
}

/** Between the two nearest values, in proportion (Hyndman & Fan 1996, type 7). */
function quantile(sorted: Float64Array, share: number): number {
  const place = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(place)] ?? NaN, sorted[Math.ceil(place)] ?? NaN];
  return below + (place - Math.floor(place)) * (above - below);
}
