import type { Reason } from '../model/choice.js';
import type { Change } from '../model/explanation.js';
import type { InterventionReason, InterventionTrigger } from '../model/intervention.js';

/** The terms that there are words for; another term is called by its name. */
export const wordedTerms = [
  'fringe',
  'success-band',
  'introduction',
  'progress',
  'opens',
  'review',
  'variety',
  'review-due',
  'due-soon',
  'other-modality',
  'kind',
  'seen',
  'focus',
  'harder',
  'short',
  'rest',
] as const;
export type WordedTerm = (typeof wordedTerms)[number];

/** Why an activity came, in one or two sentences. Names come as they are; the sentence quotes them. */
type ReasonSentences = {
  readonly [Code in Reason['code']]: (reason: Reason, skill: string, prerequisites: readonly string[]) => string;
};

/** Why something was offered: after an opening that names the trigger, if it may be named. */
type OfferSentences = {
  readonly [Code in InterventionReason['code']]: (
    opening: string,
    reason: InterventionReason,
    skill: string,
    forSkill: string,
  ) => string;
};

/** What would have changed the choice; `instead` is the name of what would have come, null where it has none. */
type ChangeSentences = {
  readonly [Kind in Change['kind']]: (
    change: Extract<Change, { readonly kind: Kind }>,
    words: ChangeWords,
    instead: string | null,
  ) => string;
};

/** Names that a change may need. */
export interface ChangeWords {
  readonly skill: (skillId: string) => string;
  /** The name of an activity; null for the one that was chosen, or where it has none. */
  readonly activity: (activityId: string) => string | null;
  readonly term: (name: string) => string;
}

/**
 * Everything that is said in one language. A language is one file with one value of this type: a sentence that is missing
 * does not compile. Then it gets a line in `catalogue.ts`.
 */
export interface Messages {
  readonly learner: ReasonSentences & OfferSentences;
  readonly teacher: ReasonSentences & OfferSentences;
  readonly learnerOpenings: Readonly<Record<InterventionTrigger, string>>;
  readonly teacherOpenings: Readonly<Record<InterventionTrigger, string>>;
  /** In place of an opening that would speak of engagement which the learner does not share. */
  readonly unsharedOpening: string;
  /** In place of an offer whose very kind would speak of it: a break, something shorter or harder. */
  readonly unsharedOffer: (skill: string) => string;
  readonly changes: ChangeSentences;
  readonly terms: Readonly<Record<WordedTerm, string>>;
  /** What spoke for a choice and what against, in that order; either may be empty. */
  readonly decisive: (reasonsFor: readonly string[], reasonsAgainst: readonly string[]) => string;
  /** That chance drew it though something else was more probable. */
  readonly drawn: (likelier: string | null) => string;
  /** That policies are compared in a course, that it does not touch grades, and that one may stay out. */
  readonly experimentNotice: string;
  /** What stands between two sentences. */
  readonly betweenSentences: string;
}

/** A model is never sure: 1 to 99. */
export function percent(probability: number): string {
  return `${Math.min(99, Math.max(1, Math.round(probability * 100)))}%`;
}

export function quote(name: string): string {
  return `“${name}”`;
}
