import type { EngagementAspect, EngagementSign } from './engagement-input.js';

/** The numbers of a policy for choosing. A decision cites name and version; changed numbers are a new version. */
export interface Policy {
  readonly name: string;
  readonly version: number;
  /** Probability on the reference item from which on a skill counts as mastered. */
  readonly masteryThreshold: number;
  /** Responses to a skill below which it never counts as mastered, whatever the estimate says. */
  readonly minimumResponses: number;
  /** P(L) from which on answers alone may say that a skill is mastered. Without it the estimate decides; see `isMastered`. */
  readonly knownFrom?: number;
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
    /** Of a review that is due: times how far the skill is forgotten; 8 when left out. */
    readonly reviewDue?: number;
    /** Of a date that a teacher has set; 2 when left out. */
    readonly dueDate?: number;
  };
  /** How often help is offered unasked, and when the same help may be offered again, in responses. */
  readonly interventions: {
    readonly window: number;
    readonly perWindow: number;
    readonly repeatAfter: number;
    /** From which probability and confidence on an aspect of engagement calls for something; see the defaults. */
    readonly thresholds?: Readonly<Partial<Record<EngagementAspect, EngagementSign>>>;
    /** By what share of itself `window` grows with every offer that is dismissed after the last accepted one. */
    readonly tightening?: number;
    /** Expected success that a harder exercise for a bored learner should have: lowest and highest probability. */
    readonly challengeBand?: readonly [number, number];
    /** Minutes up to which an activity is short. */
    readonly shortMinutes?: number;
    /** Probability of distraction from which on a break is better than a short activity. */
    readonly breakFrom?: number;
    /** Responses after which a break may be offered again. */
    readonly breakEvery?: number;
    /** Length of a break. */
    readonly breakMinutes?: number;
    /** Share of a draw of help that is uniform over its kinds. */
    readonly helpFloor?: number;
  };
}
