/** How much of the target policy the log has seen. */
export interface Overlap {
  readonly decisions: number;
  readonly learners: number;
  /** (Σ w)² / Σ w²: as many decisions of the target itself would tell as much (Kish 1965). */
  readonly effectiveSampleSize: number;
  /** Of the sum of all weights, that of the heaviest decision. */
  readonly largestWeightShare: number;
  /** 1 in expectation, where the log has the true probabilities and gave all that the target wants a chance. */
  readonly meanWeight: number;
  /** Standard error of the mean weight. */
  readonly meanWeightError: number;
  /** Mean probability that the target gives to what the log gave none. */
  readonly unsupported: number;
}

/** Why an estimate should not be believed, or not much. */
export type EvaluationWarning =
  /** The target wants what was never tried: no estimate can know what that would have earned. */
  | { readonly code: 'no-overlap'; readonly unsupported: number }
  | { readonly code: 'few-effective-decisions'; readonly effectiveSampleSize: number }
  | { readonly code: 'one-decision-weighs-too-much'; readonly largestWeightShare: number }
  /** Weights that are not 1 on average: the probabilities in the log are not those by which was chosen. */
  | { readonly code: 'weights-are-off'; readonly meanWeight: number }
  | { readonly code: 'few-learners'; readonly learners: number };

/** From where on each is said. */
const limits = {
  /** One per cent of the target may be unknown: at rewards between 0 and 1 that is an error of a hundredth at most. */
  unsupported: 0.01,
  /** A mean of 100 values between 0 and 1 is known to ± .1. */
  effectiveSampleSize: 100,
  largestWeightShare: 0.05,
  /** Standard errors; chance alone goes beyond once in 16,000. */
  meanWeight: 4,
  /** A bootstrap over fewer is too narrow. */
  learners: 20,
} as const;

/** What speaks against believing an evaluation, the worst first. */
export function warningsOf(overlap: Overlap): readonly EvaluationWarning[] {
  const { unsupported, effectiveSampleSize, largestWeightShare, meanWeight, meanWeightError, learners } = overlap;
  const warnings: EvaluationWarning[] = [];
  if (unsupported > limits.unsupported) warnings.push({ code: 'no-overlap', unsupported });
  if (effectiveSampleSize < limits.effectiveSampleSize) {
    warnings.push({ code: 'few-effective-decisions', effectiveSampleSize });
  }
  if (largestWeightShare > limits.largestWeightShare) {
    warnings.push({ code: 'one-decision-weighs-too-much', largestWeightShare });
  }
  // What the target would give elsewhere is missing from the weights, and said already.
  if (Math.abs(meanWeight - (1 - unsupported)) > limits.meanWeight * meanWeightError + 1e-6) {
    warnings.push({ code: 'weights-are-off', meanWeight });
  }
  if (learners < limits.learners) warnings.push({ code: 'few-learners', learners });
  return warnings;
}
