/** One activity that could have been chosen. */
export interface LoggedCandidate {
  readonly activityId: string;
  /** The probability with which the policy of that time chose it. */
  readonly probability: number;
  readonly utility?: number;
  /** What counts as the same action for a model of rewards, such as the skill; the activity itself where it is not given. */
  readonly action?: string;
}

/** A decision as it was logged, with what came of it. */
export interface LoggedDecision {
  readonly id: string;
  readonly policy: {
    readonly name: string;
    readonly version: number;
    /** Of the softmax; with them utilities can be found again, but for a constant, from the probabilities. */
    readonly temperature?: number;
    readonly epsilon?: number;
  };
  readonly seed: string;
  /** All that could have been chosen, in the order in which they were stored. */
  readonly candidates: readonly LoggedCandidate[];
  readonly chosen: string;
  /** Which situation it was, coarsely; a model of rewards has a table for each. */
  readonly context?: string;
  /** Whose decision it was: those of one learner hang together and are drawn together by the bootstrap. */
  readonly learner?: string;
  readonly reward: number;
  /** What another policy would have given each candidate; what is missing to 1 would have gone elsewhere. */
  readonly target?: readonly number[];
}
