import { emptyMemory, remember, retrievability, type MemoryState, type Recall } from './memory.js';

/** An answer, as far as it says how well skills are remembered. */
export interface RecalledAnswer {
  readonly skillIds: readonly string[];
  readonly recall: Recall;
  readonly day: number;
}

/** A review of one skill. */
export type Review = Pick<RecalledAnswer, 'day' | 'recall'>;

/** The reviews of one skill by one learner, in their order. The first of them had nothing to be predicted from. */
export type ReviewHistory = readonly Review[];

/** What answers were to memory: by skill those that {@link remember} takes for reviews. */
export function reviewHistories(answers: Iterable<RecalledAnswer>): ReviewHistory[] {
  const histories = new Map<string, Review[]>();
  let state = emptyMemory();
  for (const answer of answers) {
    const before = state;
    state = remember(before, answer);
    if (state === before) continue;
    for (const skillId of new Set(answer.skillIds)) {
      if (state.skills[skillId] === before.skills[skillId]) continue;
      const history = histories.get(skillId);
      const review = { day: answer.day, recall: answer.recall };
      if (history === undefined) histories.set(skillId, [review]);
      else history.push(review);
    }
  }
  return [...histories.values()];
}

/** A review with the probability of its recall that some weights foresaw. */
export interface PredictedReview extends Review {
  readonly probability: number;
}

/** What weights foresee of each review but the first of a history, from the reviews before it. */
export function predictReviews(
  histories: readonly ReviewHistory[],
  weights: MemoryState['weights'],
): PredictedReview[] {
  const predicted: PredictedReview[] = [];
  for (const history of histories) {
    let state: MemoryState = { ...emptyMemory(), weights };
    for (const [place, { day, recall }] of history.entries()) {
      if (place > 0) predicted.push({ day, recall, probability: retrievability(state, skill, day)! });
      state = remember(state, { skillIds: [skill], recall, day });
    }
  }
  return predicted;
}

/** Histories are of one skill each, so its name does not matter. */
const skill = 'skill';

/** The least that a recall or a lapse is held to be likely: one surprise must not outweigh all else. */
const least = 1e-4;

/** A probability that is never quite certain. */
export function bounded(probability: number): number {
  return Math.min(1 - least, Math.max(least, probability));
}

/** Log loss of what was foreseen of one review. */
export function logLossOf({ recall, probability }: PredictedReview): number {
  const p = bounded(probability);
  return -Math.log(recall === 'failed' ? 1 - p : p);
}
