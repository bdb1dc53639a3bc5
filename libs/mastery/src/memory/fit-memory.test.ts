import { default_w } from 'ts-fsrs';
import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { fitMemory, leastReviews } from './fit-memory.js';
import { fitMemoryWeights } from './memory-weights.js';
import { emptyMemory, remember, retrievability, type MemoryState } from './memory.js';
import { logLossOf, predictReviews, reviewHistories, type RecalledAnswer } from './review-history.js';

/** A learner who forgets as weights say, and who is asked about her skills on days that chance gives. */
function answersOf(weights: MemoryState['weights'], seed: string, { skills = 24, days = 150 } = {}): RecalledAnswer[] {
  const rng = seededRng(seed);
  const answers: RecalledAnswer[] = [];
  let state: MemoryState = { ...emptyMemory(), weights };
  for (let day = 20_000; day < 20_000 + days; day++) {
    for (let skill = 0; skill < skills; skill++) {
      if (rng() > 0.12) continue;
      const skillIds = [`skill-${skill}`];
      const probability = retrievability(state, skillIds[0]!, day) ?? 0.7;
      const answer: RecalledAnswer = { skillIds, recall: rng() < probability ? 'good' : 'failed', day };
      state = remember(state, answer);
      answers.push(answer);
    }
  }
  return answers;
}

/** Somebody whose memories begin a fifth as stable, grow less, and are as good as gone once she fails. */
const forgetful = default_w.map((weight, place) =>
  place < 4 ? weight / 5 : place === 8 ? weight - 1.5 : place === 11 ? 0.3 * weight : weight,
);

describe('the reviews in a learner’s answers', () => {
  it('are those that memory takes for reviews: one a day and skill, none that comes late', () => {
    const skillIds = ['a', 'b'];
    expect(
      reviewHistories([
        { skillIds, recall: 'good', day: 3 },
        { skillIds: ['a'], recall: 'failed', day: 3 },
        { skillIds: ['b'], recall: 'hard', day: 5 },
        { skillIds: ['b'], recall: 'failed', day: 4 },
        { skillIds: ['a', 'a'], recall: 'failed', day: 9 },
      ]),
    ).toEqual([
      [
        { day: 3, recall: 'good' },
        { day: 9, recall: 'failed' },
      ],
      [
        { day: 3, recall: 'good' },
        { day: 5, recall: 'hard' },
      ],
    ]);
  });

  it('are as many as memory counts, and are predicted from the same memory', () => {
    const answers = answersOf(forgetful, 'counted');
    const memory = answers.reduce(remember, emptyMemory());
    const histories = reviewHistories(answers);
    const counted = Object.values(memory.skills).reduce((sum, { reviews }) => sum + reviews, 0);
    expect(histories.reduce((sum, { length }) => sum + length, 0)).toBe(counted);
    const last = answers.at(-1)!;
    const before = answers.slice(0, -1).reduce(remember, emptyMemory());
    const predicted = predictReviews(
      reviewHistories(answers.filter(({ skillIds }) => skillIds[0] === last.skillIds[0])),
      null,
    );
    expect(predicted.at(-1)!.probability).toBe(retrievability(before, last.skillIds[0]!, last.day));
  });
});

describe('weights of memory that are fitted to one learner', () => {
  it('foresee her later reviews better than the population’s where she forgets otherwise', () => {
    const gains = ['Ada', 'Ben', 'Cem', 'Dua', 'Eva'].map((seed) => {
      const fit = fitMemory(answersOf(forgetful, seed));
      if (fit.kind !== 'better') throw new Error(`${seed}: ${fit.kind}`);
      expect(fit.weights).toHaveLength(21);
      expect(fit.heldOut / fit.reviews).toBeCloseTo(0.2, 1);
      return fit.before - fit.fitted;
    });
    expect(Math.min(...gains)).toBeGreaterThan(0.05);
  });

  it('come near to what her true weights foresee, on reviews that they have not seen', () => {
    const weights = fitMemoryWeights(reviewHistories(answersOf(forgetful, 'seen', { days: 300 })));
    const unseen = reviewHistories(answersOf(forgetful, 'unseen', { days: 300 }));
    const loss = (by: MemoryState['weights']): number => {
      const reviews = predictReviews(unseen, by);
      return reviews.reduce((sum, review) => sum + logLossOf(review), 0) / reviews.length;
    };
    const [population, own, truth] = [loss(null), loss(weights), loss(forgetful)];
    expect(own - truth).toBeLessThan(0.15 * (population - truth));
  });

  it('stay near the population’s for somebody who is as everybody', () => {
    const losses = ['Fay', 'Gil', 'Hoa'].map((seed) => {
      const fit = fitMemory(answersOf(null, seed));
      if (fit.kind === 'too-few-reviews') throw new Error(seed);
      return Math.abs(fit.fitted - fit.before);
    });
    expect(Math.max(...losses)).toBeLessThan(0.02);
  });

  it('are the same each time, and need reviews enough', () => {
    const answers = answersOf(forgetful, 'twice', { days: 60 });
    expect(fitMemory(answers)).toEqual(fitMemory(answers));
    const few = fitMemory(answersOf(forgetful, 'few', { skills: 3, days: 60 }));
    expect(few.kind).toBe('too-few-reviews');
    expect(few.reviews).toBeLessThan(leastReviews);
    expect(fitMemory([])).toEqual({ kind: 'too-few-reviews', reviews: 0 });
    // All on two days: there would be nothing to learn from before the day that is predicted.
    const crammed = Array.from({ length: 200 }, (_, place) => ({
      skillIds: [`skill-${place % 100}`],
      recall: 'good' as const,
      day: place < 100 ? 1 : 9,
    }));
    expect(fitMemory(crammed)).toEqual({ kind: 'too-few-reviews', reviews: 100 });
  });
});
