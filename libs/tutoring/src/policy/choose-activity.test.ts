import { describe, expect, it } from 'vitest';
import { dayIn } from '#libs/kernel';
import { remember } from '#libs/mastery';
import { emptyLearnerState, type LearnerState } from '../model/learner-state.js';
import { aCatalogue, anActivity, aSituation } from '../testing/a-lesson.js';
import { decideNext, type Circumstances } from './choose-activity.js';

const now = Date.parse('2026-03-02T09:00:00Z');
const day = 86_400_000;

function circumstances(n: number, at = now): Circumstances {
  return { now: new Date(at), decisionId: `decision-${n}`, interventionId: `intervention-${n}` };
}

/** What is chosen for a state under thirty different chances. */
function chosen(
  state: LearnerState,
  {
    catalogue = aCatalogue(),
    needs = {},
    at = now,
  }: { catalogue?: ReturnType<typeof aCatalogue>; needs?: object; at?: number },
) {
  return Array.from({ length: 30 }, (_, n) => {
    const { decision } = decideNext(catalogue, aSituation(state, needs), state, circumstances(n, at));
    return { ...decision!, activity: catalogue.activities.get(decision!.activityId)! };
  });
}

/** A learner who has answered some exercises of a skill right. */
function practised(catalogue: ReturnType<typeof aCatalogue>, skillId: string, times: number): LearnerState {
  let state = emptyLearnerState();
  for (let n = 0; n < times; n++) {
    const item = { skillIds: [skillId], difficulty: 0, number: n % 8 };
    const { state: mastery } = catalogue.model.update(state.mastery, { item, correct: true, at: now + n * 60_000 });
    state = { ...state, mastery, sequence: state.sequence + 1 };
  }
  const review = { skillIds: [skillId], recall: 'good' as const, day: dayIn('Europe/Berlin', now) };
  return { ...state, memory: remember(state.memory, review) };
}

describe('what comes next in a course', () => {
  it('takes nothing of a learner that she cannot do', () => {
    const interactive = Array.from({ length: 12 }, (_, n) =>
      anActivity(100 + n, 'first', 'exercise', { modality: 'interactive' }),
    );
    const catalogue = aCatalogue(interactive);
    const modalities = (needs: object) =>
      new Set(chosen(emptyLearnerState(), { catalogue, needs }).map(({ activity }) => activity.modality));
    const state = practised(catalogue, 'first', 1);
    const after = (needs: object) =>
      new Set(chosen(state, { catalogue, needs }).map(({ activity }) => activity.modality));
    expect(after({})).toContain('interactive');
    for (const needs of [{ keyboardOnly: true }, { screenReader: true }, { excludedModalities: ['interactive'] }]) {
      expect(after(needs)).not.toContain('interactive');
      expect(modalities(needs)).not.toContain('interactive');
    }
  });

  it('is a review, before new material, when a mastered skill has been forgotten long enough', () => {
    const catalogue = aCatalogue();
    const state = practised(catalogue, 'first', 12);
    const shares = (at: number) => {
      const decisions = chosen(state, { catalogue, at });
      return decisions.filter(({ reason }) => reason.code === 'review-due').length / decisions.length;
    };
    expect(shares(now)).toBe(0);
    expect(shares(now + 200 * day)).toBeGreaterThan(0.5);
    const [review] = chosen(state, { catalogue, at: now + 200 * day }).filter(
      ({ reason }) => reason.code === 'review-due',
    );
    expect(review!.activity.skillIds).toEqual(['first']);
    expect(review!.reason.retrievability).toBeLessThan(0.9);
    expect(review!.terms.find(({ name }) => name === 'review-due')!.value).toBeGreaterThan(0);
  });
});
