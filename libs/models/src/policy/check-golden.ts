import type { Manifest } from '../model/manifest.js';
import { refusePackage, type PackageRefusal } from '../model/package-refusal.js';

/** What one golden case gave here, beside what it gave where the model was made. */
export interface GoldenOutcome {
  /** By the name of the output. */
  readonly expected: ReadonlyMap<string, readonly number[]>;
  /** From the input tensor. */
  readonly given: ReadonlyMap<string, ArrayLike<number>>;
  /** `probs` from the picture, decoded and resized here; null without pictures. */
  readonly fromPicture: ArrayLike<number> | null;
  readonly label: string | null;
}

/** How far golden outputs were from what they should be: the largest absolute deviation. */
export interface GoldenDeviation {
  readonly tensor: number;
  readonly picture: number | null;
  /** Golden cases whose likeliest label is what they show, of those that say what they show. */
  readonly right: number;
  readonly labelled: number;
}

/** Compares what the golden cases give here with what they should. */
export function checkGolden(outcomes: readonly GoldenOutcome[], manifest: Manifest): GoldenDeviation | PackageRefusal {
  let tensor = 0;
  let picture: number | null = null;
  let [right, labelled] = [0, 0];
  for (const [index, { expected, given, fromPicture, label }] of outcomes.entries()) {
    for (const { name } of manifest.outputs) {
      const should = expected.get(name);
      const is = given.get(name);
      if (should === undefined || is === undefined || should.length !== is.length) {
        return refusePackage('golden-incomplete', `case ${index}: ${name}`);
      }
      const apart = deviation(is, should);
      if (Number.isNaN(apart)) return refusePackage('not-finite', `case ${index}: ${name}`);
      tensor = Math.max(tensor, apart);
    }
    const probs = expected.get('probs');
    if (fromPicture !== null && probs !== undefined) {
      picture = Math.max(picture ?? 0, deviation(fromPicture, probs));
      if (Number.isNaN(picture)) return refusePackage('not-finite', `case ${index}: probs of the picture`);
    }
    if (label !== null && probs !== undefined) {
      labelled += 1;
      if (manifest.labels[indexOfLargest(given.get('probs')!)] === label) right += 1;
    }
  }
  const { golden } = manifest;
  if (tensor > golden.tolerance) {
    return refusePackage('golden-mismatch', `${tensor.toExponential(2)} apart; ${golden.tolerance} is allowed`);
  }
  if (picture !== null && picture > golden.imageTolerance) {
    return refusePackage(
      'golden-mismatch',
      `pictures: ${picture.toFixed(4)} apart; ${golden.imageTolerance} is allowed`,
    );
  }
  const { accuracy = 0 } = manifest.metrics.overall;
  const { examples } = manifest.metrics;
  // Laplace's rule of succession: all right on ten examples does not make the eleventh certain.
  if (labelled > 0 && binomialTail(right, labelled, (accuracy * examples + 1) / (examples + 2)) < implausible) {
    return refusePackage('labels-swapped', `${right} of ${labelled} right, with a stated accuracy of ${accuracy}`);
  }
  return { tensor, picture, right, labelled };
}

/** So few golden cases are right by chance in one of a thousand honest packages. */
const implausible = 0.001;

/** P(X ≤ k) of a binomial distribution: Σ C(n, i) pⁱ (1 − p)ⁿ⁻ⁱ for i from 0 to k. */
export function binomialTail(k: number, n: number, p: number): number {
  if (p <= 0 || k >= n) return 1;
  if (p >= 1) return 0;
  let term = Math.log1p(-p) * n;
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += Math.exp(term);
    term += Math.log((n - i) / (i + 1)) + Math.log(p) - Math.log1p(-p);
  }
  return Math.min(sum, 1);
}

/** Largest absolute difference; NaN as soon as one of the numbers is not finite. */
function deviation(given: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  for (let i = 0; i < expected.length; i++) {
    const apart = Math.abs(given[i]! - expected[i]!);
    if (!Number.isFinite(apart)) return Number.NaN;
    if (apart > most) most = apart;
  }
  return most;
}

function indexOfLargest(values: ArrayLike<number>): number {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[best]!) best = i;
  return best;
}
