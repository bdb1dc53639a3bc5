/** A named part of what decided. */
export interface Term {
  readonly name: string;
  readonly value: number;
}

/** One thing that could have been otherwise. */
export type Change =
  | { readonly kind: 'without-control'; readonly control: 'pin' | 'order' | 'due-date' | 'ban' }
  /** Mastery of a skill, 0 to 1: at least `to` where that is more than `from`, at most `to` where it is less. */
  | { readonly kind: 'mastery'; readonly skillId: string; readonly from: number; readonly to: number }
  | { readonly kind: 'times-seen'; readonly activityId: string; readonly from: number; readonly to: number }
  /** Probability that a skill is remembered. */
  | { readonly kind: 'retrievability'; readonly skillId: string; readonly from: number; readonly to: number }
  /** How much a term of what was most probable counted: below `to`, something else would have been. */
  | { readonly kind: 'term'; readonly name: string; readonly from: number; readonly to: number };

/** The smallest single change that would have made something else the most probable choice. */
export interface Counterfactual {
  readonly change: Change;
  /** What would have been the most probable choice; null for nothing at all. */
  readonly instead: string | null;
  /** On one scale for all changes: see `counterfactualOf`. */
  readonly size: number;
  /** Whether the choice was made again with the change, or found by the stored terms alone. */
  readonly basis: 'replayed' | 'stored-terms';
}

/** Why something was chosen or offered, as data and in words. */
export interface Explanation {
  /** All terms that are not 0, largest first whatever their sign: for the learner herself. */
  readonly terms: readonly Term[];
  /** The same without what speaks of her engagement, unless she shares that. */
  readonly termsForTeacher: readonly Term[];
  readonly counterfactual: Counterfactual | null;
  readonly sentences: { readonly learner: string; readonly teacher: string };
}
