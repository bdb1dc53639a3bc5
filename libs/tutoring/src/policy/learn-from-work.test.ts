import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { emptyLearnerState, type LearnerState } from '../model/learner-state.js';
import type { SeenWork } from '../model/records.js';
import { aCatalogue, aSituation, anActivity } from '../testing/a-lesson.js';
import { decideNext } from './choose-activity.js';
import { learnFromWork } from './learn-from-work.js';
import { replay, type ReplayedResponse } from './replay.js';

const now = new Date('2026-03-02T09:00:00Z');
const drawing = anActivity(40, 'first', 'visual-assignment');
const catalogue = aCatalogue([drawing]);
const { timeZone } = aSituation(emptyLearnerState());

type Shown = SeenWork['shown'][number];
const shows = (share: number, skillIds = ['first'], hintsUsed = 0): Shown => ({ share, skillIds, hintsUsed });
const workOf = (shown: readonly Shown[], handedInAt = now): SeenWork => ({
  submissionId: 'submission',
  courseId: 'course',
  learnerId: 'learner',
  activityId: drawing.id,
  activityVersion: 1,
  handedInAt,
  shown,
});
const learnt = (state: LearnerState, work: SeenWork, at = now) => {
  let made = 0;
  return learnFromWork(catalogue, { state, timeZone }, drawing, work, {
    now: at,
    nextId: () => `response-${state.sequence}-${made++}`,
  });
};

/** What she knows after works that show the first skill in full, until it counts as mastered. */
function masterOfFirst(): LearnerState {
  let state = emptyLearnerState();
  for (let works = 0; works < 60; works++) {
    const after = learnt(state, workOf([shows(1)]));
    state = after.state;
    if (after.crossings.length > 0) return state;
  }
  throw new Error('She never masters it.');
}

describe('learning from work', () => {
  it.each([
    [0, false],
    [0.5, false],
    [0.59, false],
    [0.6, true],
    [2 / 3, true],
    [1, true],
  ])('takes a share of %s of the points as %s', (share, correct) => {
    const { responses } = learnt(emptyLearnerState(), workOf([shows(share)]));
    expect(responses).toMatchObject([{ correct, skillIds: ['first'] }]);
    const { before, after } = responses[0]!.changes[0]!;
    if (correct) expect(after).toBeGreaterThan(before);
    else expect(after).toBeLessThan(before);
  });

  it('looks at each skill by itself, and leaves out what the course has not', () => {
    const shown = [shows(1, ['first', 'gone']), shows(0, ['second']), shows(1, ['gone'])];
    const { state, responses } = learnt(emptyLearnerState(), workOf(shown));
    expect(responses.map(({ sequence, skillIds, correct }) => [sequence, skillIds, correct])).toEqual([
      [1, ['first'], true],
      [2, ['second'], false],
    ]);
    expect(state.sequence).toBe(2);
  });

  it('changes mastery and memory, and nothing of what is before her', () => {
    const before = { ...emptyLearnerState(), decisionId: 'stands', hints: { activityId: 'activity-1', steps: 2 } };
    const { state } = learnt(before, workOf([shows(1)]));
    const { mastery, memory, sequence, ...rest } = state;
    const { mastery: _, memory: __, sequence: ___, ...was } = before;
    expect(rest).toEqual(was);
    expect(memory.skills['first']).toMatchObject({ reviews: 1 });
    expect([mastery, sequence]).not.toEqual([before.mastery, before.sequence]);
  });

  it('remembers what needed hints as hard', () => {
    const stability = (hintsUsed: number) =>
      learnt(emptyLearnerState(), workOf([shows(1, ['first'], hintsUsed)])).state.memory.skills['first']!.stability;
    expect(stability(1)).toBeLessThan(stability(0));
  });

  it('dates it by when it was handed in, and never by a time to come', () => {
    const [monday, sunday] = [now, new Date('2026-03-01T09:00:00Z')];
    const reviewedOn = (handedInAt: Date) =>
      learnt(emptyLearnerState(), workOf([shows(1)], handedInAt)).state.memory.skills['first']!.reviewedOn;
    expect(reviewedOn(monday) - reviewedOn(sunday)).toBe(1);
    expect(reviewedOn(new Date('2027-01-01T00:00:00Z'))).toBe(reviewedOn(monday));
  });

  it('is replayed to the same state, bit for bit', () => {
    const anyShown = fc.record({
      share: fc.constantFrom(0, 0.5, 0.6, 1),
      skillIds: fc.subarray(['first', 'second'], { minLength: 1 }),
      hintsUsed: fc.integer({ min: 0, max: 3 }),
    });
    const works = fc.array(fc.array(anyShown, { minLength: 1, maxLength: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(works, (all) => {
        let state = emptyLearnerState();
        const history: ReplayedResponse[] = [];
        for (const [day, shown] of all.entries()) {
          const receivedAt = new Date(now.getTime() + day * 86_400_000);
          const deviceAt = new Date(receivedAt.getTime() - 3_600_000);
          const after = learnt(state, workOf(shown, deviceAt), receivedAt);
          const { number, difficulty } = drawing;
          for (const response of after.responses)
            history.push({ ...response, number, difficulty, deviceAt, receivedAt });
          state = after.state;
        }
        const known = replay(history, { timeZone, modelAt: () => catalogue.model });
        expect(known).toEqual({ mastery: state.mastery, memory: state.memory });
      }),
    );
  });

  it('tells what comes to count as mastered, and what ceases to', () => {
    const state = masterOfFirst();
    const lost = learnt(state, workOf([shows(0)]));
    expect(lost.crossings).toMatchObject([{ skillId: 'first', mastered: false }]);
  });

  it('leads back to a skill that was lost, and on from one that was shown', () => {
    const skillsAfter = (state: LearnerState) =>
      new Set(
        Array.from({ length: 40 }, (_, place) => {
          const around = { now, decisionId: `decision-${place}`, interventionId: 'none' };
          const { decision } = decideNext(catalogue, aSituation(state), state, around);
          return catalogue.activities.get(decision!.activityId)!.skillIds[0];
        }),
      );
    const master = masterOfFirst();
    expect(skillsAfter(emptyLearnerState())).toEqual(new Set(['first']));
    expect(skillsAfter(master)).toContain('second');
    expect(skillsAfter(learnt(master, workOf([shows(0)])).state)).toEqual(new Set(['first']));
  });
});
