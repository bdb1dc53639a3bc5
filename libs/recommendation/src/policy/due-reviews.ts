import type { ChoiceInput, DueReview } from '../model/choice.js';

/**
 * How urgent the review of each skill is that is due now: 1 − R, R the probability that it is still remembered. The more
 * is forgotten, the more a review is worth (R. A. Bjork & E. L. Bjork, "A new theory of disuse", 1992). A review that is
 * not due yet, or whose date or probability is no number, does not count; of several of a skill the most urgent does.
 */
export function reviewUrgencies({
  dueReviews = [],
  now,
}: Pick<ChoiceInput, 'dueReviews' | 'now'>): ReadonlyMap<string, DueReview & { readonly urgency: number }> {
  const urgencies = new Map<string, DueReview & { readonly urgency: number }>();
  for (const review of dueReviews) {
    const { skillId, retrievability, dueAt } = review;
    if (!Number.isFinite(dueAt) || Number.isNaN(retrievability) || (now !== undefined && dueAt > now)) continue;
    const urgency = 1 - Math.min(1, Math.max(0, retrievability));
    if (urgency >= (urgencies.get(skillId)?.urgency ?? 0)) urgencies.set(skillId, { ...review, urgency });
  }
  return urgencies;
}
