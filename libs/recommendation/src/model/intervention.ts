import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate, LearnerNeeds, ScoredCandidate, SkillNode } from './choice.js';

/**
 * What help answers to. `confused` and `guessing` are engagement labels; `struggling` is a skill that many responses
 * have not brought to mastery; `asked-for-help` is the learner's own request and is not capped.
 */
export const interventionTriggers = ['confused', 'guessing', 'struggling', 'asked-for-help'] as const;
export type InterventionTrigger = (typeof interventionTriggers)[number];

/** An activity that was offered as help, and the learner's response sequence number then. */
export interface RecentIntervention {
  readonly activityId: string;
  readonly sequence: number;
}

/** Everything that an offer of help depends on, besides the policy and the seed. */
export interface InterventionInput {
  readonly trigger: InterventionTrigger;
  /** The skills of the item that the learner is on. */
  readonly skillIds: readonly string[];
  readonly skills: readonly SkillNode[];
  readonly mastery: (skillId: string) => MasteryEstimate;
  /** Only explanations, worked examples, films and interactive pieces among them are offered. */
  readonly candidates: readonly Candidate[];
  readonly recentInterventions: readonly RecentIntervention[];
  readonly sequence: number;
  readonly learner: LearnerNeeds;
}

/** Why help was offered. */
export interface InterventionReason {
  /** `explain-prerequisite`: something that the item stands on is weaker than the item's own skill. */
  readonly code: 'explain-prerequisite' | 'explain-skill';
  readonly trigger: InterventionTrigger;
  /** The skill that the help is about. */
  readonly skillId: string;
  /** The item's skill that showed the need. */
  readonly forSkillId: string;
  readonly masteryBefore: number;
  /** Whether the help speaks through another modality than what the learner last saw of that skill. */
  readonly otherModality: boolean;
}

/** An offer of help, or why there is none. */
export type Intervention =
  | {
      readonly kind: 'offer';
      readonly activityId: string;
      /** The propensity of the offer: its `probability` among `candidates`. */
      readonly probability: number;
      readonly candidates: readonly ScoredCandidate[];
      readonly reason: InterventionReason;
      readonly seed: string;
      readonly policy: { readonly name: string; readonly version: number };
    }
  | { readonly kind: 'none'; readonly why: 'capped' | 'nothing-fits' | 'all-offered-recently' };
