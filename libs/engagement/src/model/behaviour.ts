/** Something that a learner did in an app, as apps already report it. `at` is Unix time in milliseconds. */
export type BehaviourEvent =
  | { readonly kind: 'activity-shown'; readonly at: number; readonly activityId: string }
  | { readonly kind: 'hint-requested'; readonly at: number; readonly activityId: string; readonly step: number }
  | {
      readonly kind: 'answered';
      readonly at: number;
      readonly activityId: string;
      readonly correct: boolean;
      /** From shown to answered. */
      readonly durationMs: number;
      readonly hintsUsed: number;
    }
  | { readonly kind: 'went-idle' | 'came-back' | 'left-page'; readonly at: number }
  | { readonly kind: 'asked-for-help'; readonly at: number };

/** What is usual for an item: answer times are taken as log-normal. */
export interface ItemNorm {
  readonly medianMs: number;
  /** Standard deviation of the natural logarithm of the time. */
  readonly spread: number;
  /** Share of right answers. */
  readonly successRate: number;
}

/** One answer, as far as the rules need it later. */
export interface AnswerTrace {
  readonly activityId: string;
  readonly correct: boolean;
  /** Standard deviations slower (+) or faster (−) than the item's median, on the log scale, without time away. */
  readonly pace: number;
  /** Too fast to have read the item. */
  readonly rapid: boolean;
  readonly hints: number;
  /** Hints that came too soon after the one before to have read it. */
  readonly rushedHints: number;
  /** The item's success rate then. */
  readonly successRate: number;
}

/** What the rules remember of a learner. Bounded, serialisable to JSON, never mutated. */
export interface BehaviourState {
  readonly version: 1;
  /** The latest answers, oldest first, at most {@link answersKept}. */
  readonly answers: readonly AnswerTrace[];
  /** The activity in front of the learner and the hints asked for on it; null between activities. */
  readonly open: {
    readonly activityId: string;
    readonly shownAt: number;
    readonly hints: number;
    /** Hints that came too soon after the one before to have read it. */
    readonly rushedHints: number;
    readonly lastHintAt: number | null;
    readonly askedForHelp: boolean;
  } | null;
  /** Since when the learner has been idle or off the page; null when present. */
  readonly absent: { readonly since: number; readonly leftPage: boolean } | null;
  /** The latest ended absences, oldest first, at most {@link absencesKept}. */
  readonly absences: readonly { readonly from: number; readonly to: number }[];
  /** Time of the latest event; 0 before the first. A clock that jumps back is held here. */
  readonly lastAt: number;
}

/** Answers that a state keeps: wheel-spinning is told from ten. */
export const answersKept = 10;

/** Ended absences that a state keeps. */
export const absencesKept = 6;

export const engagementLabels = [
  'engaged',
  'productive-struggle',
  'confused',
  'guessing',
  'distracted',
  'away',
  'unknown',
] as const;
export type EngagementLabel = (typeof engagementLabels)[number];

/** What the behaviour suggests, with what it rests on. */
export interface EngagementEstimate {
  readonly label: EngagementLabel;
  /** How strongly the rules speak for the label, 0–1: a rule's weight, not a calibrated probability. */
  readonly confidence: number;
  readonly evidence: readonly { readonly code: string; readonly value: number }[];
}

/** A learner who has not done anything yet. */
export function emptyBehaviour(): BehaviourState {
  return { version: 1, answers: [], open: null, absent: null, absences: [], lastAt: 0 };
}
