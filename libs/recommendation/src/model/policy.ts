/** The numbers of a policy for choosing. A decision cites name and version; changed numbers are a new version. */
export interface Policy {
  readonly name: string;
  readonly version: number;
  /** Probability on the reference item from which on a skill counts as mastered. */
  readonly masteryThreshold: number;
  /** Responses to a skill below which it never counts as mastered, whatever the estimate says. */
  readonly minimumResponses: number;
  /**
   * What answers alone may say of a skill that is either known or not: chance of knowing it before the first answer, of
   * a right answer without knowing, of a wrong one in spite of it. Without it the estimate decides alone; see `isMastered`.
   */
  readonly knowing?: { readonly prior: number; readonly guess: number; readonly slip: number };
  /** Expected success that a new exercise should have: lowest and highest probability. */
  readonly successBand: readonly [number, number];
  /**
   * Compares exercises by the band with others of the same skill only, so that it chooses among exercises and not among
   * skills: a skill is not better for being known better. Otherwise all are compared at once.
   */
  readonly bandWithinSkill?: boolean;
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
  /**
   * How many of them may be for one skill; any number where it is not given. Without a limit a skill with many exercises
   * fills the shortlist, and no other skill has any chance, which nothing could be learnt of afterwards.
   */
  readonly shortlistPerSkill?: number;
  /** Weights of the parts of the utility. */
  readonly weights: {
    readonly fringe: number;
    readonly successBand: number;
    readonly introduction: number;
    readonly progress: number;
    /** 0 where a policy does not name it. */
    readonly gain?: number;
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
