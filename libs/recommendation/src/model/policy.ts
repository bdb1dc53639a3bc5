/** The numbers of a policy for choosing. A decision cites name and version; changed numbers are a new version. */
export interface Policy {
  readonly name: string;
  readonly version: number;
  /** Probability on the reference item from which on a skill counts as mastered. */
  readonly masteryThreshold: number;
  /** Responses to a skill below which it never counts as mastered, whatever the estimate says. */
  readonly minimumResponses: number;
  /** Expected success that a new exercise should have: lowest and highest probability. */
  readonly successBand: readonly [number, number];
  /** Softmax temperature, in units of utility. */
  readonly temperature: number;
  /** Share of the choice that is uniform over the shortlist, so that no propensity is near 0. */
  readonly epsilon: number;
  /** Responses before an activity may come again. */
  readonly repeatAfter: number;
  /** Responses after which the urgency of a review has reached half. */
  readonly reviewAfter: number;
  /** The best candidates that the softmax is over; all of their propensities are stored. */
  readonly shortlist: number;
  /** Weights of the parts of the utility. */
  readonly weights: {
    readonly fringe: number;
    readonly successBand: number;
    readonly introduction: number;
    readonly progress: number;
    readonly opens: number;
    readonly review: number;
    readonly variety: number;
  };
  /** How often help is offered unasked, and when the same help may be offered again, in responses. */
  readonly interventions: {
    readonly window: number;
    readonly perWindow: number;
    readonly repeatAfter: number;
  };
}
