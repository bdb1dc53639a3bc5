import type { OfferReaction } from '../model/intervention.js';

/** An offer of help, as far as its reward goes. */
export interface GivenHelp {
  /** The learner's response sequence number when it was offered. */
  readonly sequence: number;
  /** The skill that showed the need: an answer on it says whether the help was any. */
  readonly forSkillId: string;
  readonly reaction: OfferReaction | null;
}

/** An answer after the offer. */
export interface AnswerAfterHelp {
  /** Response sequence number of the answer: the first after an offer has the offer's plus 1. */
  readonly sequence: number;
  readonly skillIds: readonly string[];
  readonly correct: boolean;
}

/** What is known of the reward of an offer. */
export type HelpReward =
  /** Not yet: her reaction, or an answer that counts, may still come. */
  | { readonly kind: 'pending' }
  | {
      readonly kind: 'settled';
      /** 0 to 1. */
      readonly reward: number;
      readonly why: 'right-after-help' | 'wrong-after-help' | 'dismissed' | 'ignored';
    }
  /** Never: she took it, and no answer in the window said whether it helped; or she contested it. It counts as no try. */
  | { readonly kind: 'void' };

/** How rewards are told, in responses and between 0 and 1. */
export interface HelpRewardRule {
  /** Responses after the offer within which an answer counts. */
  readonly window: number;
  /** Reward of help that was taken, but followed by a wrong answer: it was at least wanted. */
  readonly wrong: number;
}

export const helpRewardRule: HelpRewardRule = { window: 10, wrong: 0.3 };

/**
 * The delayed reward of an offer of help: her reaction, and whether it helped.
 *
 * - dismissed: 0, at once;
 * - contested: void, at once: what was wrong is that anything was offered, which says nothing of the help;
 * - accepted: the first answer on the skill that showed the need, within `window` responses after the offer, gives 1 if it
 *   is right and `wrong` (.3) if not; if the window closes without one, the offer is void;
 * - neither accepted nor dismissed when the window closes: 0, it was passed over.
 *
 * `sequence` is her latest response; `answers` may hold any of hers, in any order: those outside the window do not count.
 */
export function helpReward(
  help: GivenHelp,
  answers: readonly AnswerAfterHelp[],
  sequence: number,
  { window, wrong }: HelpRewardRule = helpRewardRule,
): HelpReward {
  if (help.reaction === 'dismissed') return { kind: 'settled', reward: 0, why: 'dismissed' };
  if (help.reaction === 'contested') return { kind: 'void' };
  const closed = sequence - help.sequence >= window;
  if (help.reaction === null) return closed ? { kind: 'settled', reward: 0, why: 'ignored' } : { kind: 'pending' };
  let first: AnswerAfterHelp | null = null;
  for (const answer of answers) {
    const after = answer.sequence - help.sequence;
    if (!(after >= 1 && after <= window) || !answer.skillIds.includes(help.forSkillId)) continue;
    if (first === null || answer.sequence < first.sequence) first = answer;
  }
  if (first === null) return { kind: closed ? 'void' : 'pending' };
  return first.correct
    ? { kind: 'settled', reward: 1, why: 'right-after-help' }
    : { kind: 'settled', reward: wrong, why: 'wrong-after-help' };
}
