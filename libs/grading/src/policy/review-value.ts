import type { SettledCriterion } from '../ports.js';

/** Work that waits, as far as its place in the queue depends on it. */
export interface WaitingWork {
  /** 0–1: how sure the program was; null where it gave no score, or the learner asks for another look. */
  readonly confidence: number | null;
  /** How many works wait that are like it, itself included: at least 1. */
  readonly density: number;
  /** Milliseconds since it came in. */
  readonly waited: number;
}

/** What is left of uncertainty where a program is wholly sure: such work is looked at last, and not never. */
const least = 0.05;

const day = 86_400_000;

/**
 * What a teacher's look at a work is worth: uncertainty × density × waiting time,
 *
 *     value = (least + (1 − least) · (1 − confidence)) · density · (1 + waited / 24 h)
 *
 * 1 − confidence estimates the probability that the score is wrong. One look settles all works that are like it, since
 * they can be confirmed together, so that the errors that a look is expected to find are (1 − confidence) · density: the
 * uncertainty sampling weighted by density of Settles & Craven (2008, "An analysis of active learning strategies for
 * sequence labeling tasks", information density with β = 1). The factor of waiting grows by 1 a day without bound, so that
 * whatever keeps coming in, every work is first in the end.
 */
export function reviewValue({ confidence, density, waited }: WaitingWork): number {
  const uncertainty = least + (1 - least) * (1 - (confidence ?? 0));
  return uncertainty * density * (1 + Math.max(waited, 0) / day);
}

/**
 * What was found in a work, in short: works of one assignment with the same signature are alike, whatever their marks. It
 * holds the criteria that lost something, each with its error, and what is odd about the whole, in no order but its own.
 */
export function signatureOf(
  criteria: readonly Pick<SettledCriterion, 'criterionId' | 'error' | 'awarded' | 'points'>[],
  flags: readonly string[],
): string {
  const lost = criteria
    .filter(({ error, awarded, points }) => error !== null || awarded < points)
    .map(({ criterionId, error, awarded }) => `${criterionId}:${error ?? 'partial'}:${awarded}`);
  return JSON.stringify([lost.toSorted(), flags.toSorted()]);
}
