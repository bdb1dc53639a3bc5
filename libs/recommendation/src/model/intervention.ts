import type { ItemParameters, MasteryEstimate } from '#libs/mastery';
import type { Candidate, Exposures, LearnerNeeds, ScoredCandidate, SkillNode } from './choice.js';
import type { CourseControls } from './course-controls.js';
import type { EngagementInput } from './engagement-input.js';
import type { DrawnHelpOption, HelpBanditState, HelpOption, HelpPlace } from './help-bandit.js';

/**
 * What an offer answers to. `confused`, `guessing`, `distracted` and `bored` come of engagement; `struggling` is a skill
 * that many responses have not brought to mastery; `asked-for-help` is the learner's own request and is not capped.
 */
export const interventionTriggers = [
  'confused',
  'guessing',
  'struggling',
  'asked-for-help',
  'distracted',
  'bored',
] as const;
export type InterventionTrigger = (typeof interventionTriggers)[number];

/** What stands for a break where options are told apart by the activity: no activity has this id. */
export const breakOption = 'break';

/**
 * What a learner does about an offer: takes it, does without it, or says that it rests on a mistake, for that is not how she is
 * doing.
 */
export const offerReactions = ['accepted', 'dismissed', 'contested'] as const;
export type OfferReaction = (typeof offerReactions)[number];

/** Something that was offered, and the learner's response sequence number then. */
export interface RecentIntervention {
  /** Left out where it was not kept. */
  readonly id?: string;
  /** Null for a break. */
  readonly activityId: string | null;
  readonly sequence: number;
  /** What she did about it; left out or null while she has not, or where it is not known. */
  readonly reaction?: OfferReaction | null;
}

/** Everything that an offer depends on, besides the policy and the seed. */
export interface InterventionInput {
  readonly trigger: InterventionTrigger;
  /** The skills of the item that the learner is on. */
  readonly skillIds: readonly string[];
  readonly skills: readonly SkillNode[];
  readonly mastery: (skillId: string) => MasteryEstimate;
  /** As help, only explanations, worked examples, films and interactive pieces among them are offered. */
  readonly candidates: readonly Candidate[];
  /** As in `ChoiceInput`. */
  readonly exposures?: Exposures;
  readonly recentInterventions: readonly RecentIntervention[];
  readonly sequence: number;
  readonly learner: LearnerNeeds;
  /** The item that the learner is on; without it nothing can be told to be harder or shorter than it. */
  readonly item?: Pick<Candidate, 'activityId' | 'difficulty' | 'modality' | 'minutes'>;
  /** Probability of a right answer to an item; without it a harder exercise is told by its difficulty alone. */
  readonly expectedSuccess?: (item: ItemParameters) => number;
  /** The estimate that led here; a break is offered by how probable distraction is. */
  readonly engagement?: EngagementInput;
  /** What the teachers of the course have set: nothing that they have banned is offered. */
  readonly controls?: CourseControls;
  /** How help has done in the course: with it the kind of help is drawn by Thompson sampling. */
  readonly helpBandit?: HelpBanditState;
}

/** A skill that could explain why an item was not mastered, and how probably it does. */
export interface Suspect {
  readonly skillId: string;
  /** The item's skill that stands on it, or that it is. */
  readonly forSkillId: string;
  readonly mastery: number;
  /** Probability that its lack was a cause of the error, given that there was one. */
  readonly responsibility: number;
}

/** Why something was offered. */
export interface InterventionReason {
  /**
   * `explain-prerequisite`: something that the item stands on explains the error better than the item's own skill.
   * `harder-exercise` and `other-modality`: against boredom. `shorter-activity` and `break`: against distraction.
   */
  readonly code:
    'explain-prerequisite' | 'explain-skill' | 'harder-exercise' | 'other-modality' | 'shorter-activity' | 'break';
  readonly trigger: InterventionTrigger;
  /** The skill that the offer is about; of a break, the skill that was being practised. */
  readonly skillId: string;
  /** The item's skill that showed the need. */
  readonly forSkillId: string;
  readonly masteryBefore: number;
  /** Whether it speaks through another modality than what the learner last saw of that skill, or than the item. */
  readonly otherModality: boolean;
}

/** What every offer says of how it came about. */
interface Offered {
  /** The propensity of the offer: its `probability` among `candidates`. */
  readonly probability: number;
  /** The whole distribution; a break is in it as {@link breakOption}. */
  readonly candidates: readonly ScoredCandidate[];
  readonly reason: InterventionReason;
  /** Which kind of help it is, for the reward. */
  readonly help: HelpOption;
  /** Where the reward counts. */
  readonly place: HelpPlace;
  /** Kinds of help with their probabilities, where they were drawn by Thompson sampling. */
  readonly helpOptions: readonly DrawnHelpOption[] | null;
  /** Skills that could explain the error, most probable first; empty for what does not answer to one. */
  readonly suspects: readonly Suspect[];
  readonly seed: string;
  readonly policy: { readonly name: string; readonly version: number };
}

/** An offer of an activity or of a break, or why there is none. */
export type Intervention =
  | ({ readonly kind: 'offer'; readonly activityId: string } & Offered)
  | ({ readonly kind: 'break'; readonly minutes: number } & Offered)
  | { readonly kind: 'none'; readonly why: 'capped' | 'nothing-fits' | 'all-offered-recently' };
