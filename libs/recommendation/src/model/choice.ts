import type { ActivityKind, Modality } from '#libs/learning';
import type { ItemParameters, MasteryEstimate } from '#libs/mastery';
import type { CourseControls } from './course-controls.js';

/** A skill and the skills that have to be mastered before it. */
export interface SkillNode {
  readonly id: string;
  readonly prerequisiteIds: readonly string[];
}

/** What an activity takes, whatever its modality: to draw, to aim with a pointer, to see, to hear. */
export const activityNeeds = ['drawing', 'pointer', 'sight', 'hearing'] as const;
export type ActivityNeed = (typeof activityNeeds)[number];

/** An activity that could come next, as one learner has met it so far. */
export interface Candidate {
  readonly activityId: string;
  /** As in `ItemParameters`. */
  readonly number?: number;
  readonly kind: ActivityKind;
  readonly modality: Modality;
  readonly language: string;
  readonly skillIds: readonly string[];
  /** Logits, as in `ItemParameters`. */
  readonly difficulty: number;
  readonly timesSeen: number;
  /** The learner's response sequence number when she last saw it; null when she never did. */
  readonly lastSeenSequence: number | null;
  /** Languages that it is translated into, besides its own; none when left out. */
  readonly translations?: readonly string[];
  /** What it takes of a learner; nothing when left out. */
  readonly needs?: readonly ActivityNeed[];
  /** How long it usually takes; unknown when left out. */
  readonly minutes?: number;
  /** Whether she has answered or finished it; when left out, having been shown it and gone on counts as that. */
  readonly done?: boolean;
}

/** How often a learner met an activity, and at which of her responses last. */
export interface Exposure {
  readonly timesSeen: number;
  readonly lastSeenSequence: number;
}

/** What one learner has met, by number, where the candidates are the same objects for every learner. */
export type Exposures = ReadonlyMap<number, Exposure>;

/** What a learner can be given at all. */
export interface LearnerNeeds {
  /** Her pseudonym, for what a teacher pins for her alone. */
  readonly id?: string;
  /** Language tags that she reads; empty means any. `en` covers `en-GB` and the other way round. */
  readonly languages: readonly string[];
  readonly excludedModalities: readonly Modality[];
  /** She uses no pointer: nothing that takes one, or drawing, can be given. */
  readonly keyboardOnly?: boolean;
  /** She cannot draw, with a pointer or otherwise. */
  readonly noDrawing?: boolean;
  /** She hears what others see: nothing that takes sight, a pointer or drawing can be given. */
  readonly screenReader?: boolean;
}

/** Everything that a choice depends on, besides the policy and the seed. */
export interface ChoiceInput {
  readonly skills: readonly SkillNode[];
  readonly mastery: (skillId: string) => MasteryEstimate;
  /** Her responses to a skill, as its mastery has them: where this is given, not every skill needs to be estimated. */
  readonly responsesTo?: (skillId: string) => number;
  /** Probability of a right answer to an item. */
  readonly expectedSuccess: (item: ItemParameters) => number;
  /** The same list, unchanged, is looked through once only: keep it between choices and give `exposures`. */
  readonly candidates: readonly Candidate[];
  /** In place of what the candidates say of the learner; those that it lacks, and that have no number, count as never seen. */
  readonly exposures?: Exposures;
  /** The learner's response sequence number now: responses so far. */
  readonly sequence: number;
  readonly learner: LearnerNeeds;
  /** What the teachers of the course have set; nothing when left out. */
  readonly controls?: CourseControls;
  /** Skills that she has learnt and is forgetting: they compete with what is new. */
  readonly dueReviews?: readonly DueReview[];
  /** Unix milliseconds, for controls and reviews that have dates; without it those dates count as come. */
  readonly now?: number;
}

/** A skill that is up for review. */
export interface DueReview {
  readonly skillId: string;
  /** Probability that it is still remembered, 0 to 1. */
  readonly retrievability: number;
  /** Unix milliseconds; a review that is not due yet does not count. */
  readonly dueAt: number;
}

/** One candidate as the policy saw it. */
export interface ScoredCandidate {
  readonly activityId: string;
  /** The probability with which the policy picks it: its propensity. */
  readonly probability: number;
  readonly utility: number;
  /** Named parts of the utility; they sum to it. */
  readonly terms: readonly { readonly name: string; readonly value: number }[];
}

/** Why an activity was chosen; with a message catalogue it can be stated in words. */
export interface Reason {
  /**
   * `introduce-skill`: explain a new skill before asking about it. `on-the-fringe`: first exercises of a skill whose
   * prerequisites are mastered. `practise-weakest`: the weakest skill of the activity is begun but not mastered.
   * `review-mastered`: all its skills are mastered and this one has not been seen for the longest time.
   * `review-due`: the skill is being forgotten, and its date has come. `pinned-by-teacher`, `ordered-by-teacher` and
   * `due-soon`: a control of the course decided, and without it something else would have been the best.
   */
  readonly code:
    | 'introduce-skill'
    | 'on-the-fringe'
    | 'practise-weakest'
    | 'review-mastered'
    | 'review-due'
    | 'pinned-by-teacher'
    | 'ordered-by-teacher'
    | 'due-soon';
  /** The skill that the activity is for. */
  readonly skillId: string;
  /** Probability of a right answer on this activity. */
  readonly expectedSuccess: number;
  /** Mastery of the skill before this activity. */
  readonly masteryBefore: number;
  /** Mastery from which on the skill counts as mastered. */
  readonly masteryThreshold: number;
  /** The skill's direct prerequisites, all of them mastered. */
  readonly prerequisiteIds: readonly string[];
  /** Skills that wait for this one, direct or not. */
  readonly opensSkills: number;
  /** Responses since any activity of the skill was last seen; null when none was. */
  readonly responsesSinceSeen: number | null;
  /** Probability that the skill is remembered; of `review-due`. */
  readonly retrievability?: number;
  /** Days to the teacher's date, negative after it; of `due-soon`. */
  readonly daysLeft?: number;
}

/** What comes next, with everything needed to replay, audit and evaluate the decision; or why nothing does. */
export type Choice =
  | {
      readonly kind: 'chosen';
      readonly activityId: string;
      /** The propensity of the choice: its `probability` among `candidates`. */
      readonly probability: number;
      readonly expectedSuccess: number;
      /** The whole distribution: everything that could have been chosen, best first. At most `policy.shortlist` long. */
      readonly candidates: readonly ScoredCandidate[];
      readonly reason: Reason;
      readonly seed: string;
      readonly policy: { readonly name: string; readonly version: number };
    }
  | {
      readonly kind: 'nothing-to-choose';
      /** `ruled-out-by-teacher`: there would be something, had no teacher banned it. */
      readonly reason:
        'course-is-empty' | 'everything-mastered-and-seen' | 'nothing-fits-the-learner' | 'ruled-out-by-teacher';
    };
