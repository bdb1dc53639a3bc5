import { describe, expect, it } from 'vitest';
import { emptyLearnerState, parseLearnerState, storeLearnerState, type LearnerState } from '../model/learner-state.js';
import type { Situation } from '../ports.js';
import { aCatalogue, aSituation } from '../testing/a-lesson.js';
import type { Circumstances } from './choose-activity.js';
import { interact, respond } from './respond.js';

const now = new Date('2026-03-02T09:00:00Z');

const catalogue = aCatalogue();
const situation = (state: LearnerState, extraTime = 1): Situation => aSituation(state, { extraTime });
const circumstances = (n: number): Circumstances => ({
  now: new Date(now.getTime() + n * 60_000),
  decisionId: `decision-${n}`,
  interventionId: `intervention-${n}`,
});

/** One response to a given exercise. */
function answer(
  state: LearnerState,
  n: number,
  correct: boolean,
  { activity = 'activity-2', version = 1, durationMs = 30_000, extraTime = 1 } = {},
) {
  const item = catalogue.activities.get(activity)!;
  const around = circumstances(n);
  const input = {
    id: `response-${n}`,
    sessionId: 'session',
    activityId: activity,
    activityVersion: version,
    answer: { kind: 'text', text: correct ? 'yes' : 'no' } as const,
    correct: null,
    durationMs,
    at: around.now.getTime(),
  };
  return respond(
    catalogue,
    situation(state, extraTime),
    item,
    input,
    { correct, gradedBy: 'attune', misconceptionId: null },
    around,
  );
}

describe('respond', () => {
  it('numbers responses, moves mastery the right way and chooses again', () => {
    let state = emptyLearnerState();
    for (let n = 1; n <= 6; n++) {
      const step = answer(state, n, n % 2 === 1);
      expect(step.response.sequence).toBe(n);
      const [change] = step.response.changes;
      if (n % 2 === 1) expect(change!.after).toBeGreaterThan(change!.before);
      else expect(change!.after).toBeLessThan(change!.before);
      expect(step.decision!.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(step.state.decisionId).toBe(step.decision!.id);
      state = step.state;
    }
  });

  it('is the same for the same inputs, and its state survives storage', () => {
    const once = answer(emptyLearnerState(), 1, true);
    expect(answer(emptyLearnerState(), 1, true)).toEqual(once);
    const restored = parseLearnerState(storeLearnerState(once.state));
    expect(restored).toEqual(once.state);
    expect(answer(restored, 2, false)).toEqual(answer(once.state, 2, false));
  });

  it('keeps the second skill closed until the first is mastered, and then opens it', () => {
    let state = emptyLearnerState();
    let opened = 0;
    for (let n = 1; n <= 40 && opened === 0; n++) {
      const step = answer(state, n, true, { activity: `activity-${n % 8}` });
      state = step.state;
      if (catalogue.activities.get(step.decision!.activityId)!.skillIds.includes('second')) opened = n;
    }
    expect(opened).toBeGreaterThan(2);
  });

  it('offers an explanation to somebody who is slow, wrong and asks for hint after hint', () => {
    let state = emptyLearnerState();
    let offered = null;
    for (let n = 1; n <= 8 && offered === null; n++) {
      for (let step = 1; step <= 3 && offered === null; step++) {
        const event = {
          kind: 'hint-requested',
          id: `hint-${n}-${step}`,
          at: now.getTime() + n * 60_000 + step * 20_000,
          activityId: 'activity-2',
          step,
        } as const;
        const after = interact(catalogue, situation(state), event, circumstances(n + 1));
        state = { ...after.state, hints: { activityId: 'activity-2', steps: step } };
        offered = after.intervention;
      }
      if (offered !== null) break;
      const after = answer(state, n, false, { durationMs: 240_000 });
      state = after.state;
      offered = after.intervention;
    }
    expect(offered).toMatchObject({ trigger: 'confused', state: 'offered' });
    expect(['explanation', 'worked-example']).toContain(catalogue.activities.get(offered!.activityId!)!.kind);
  });

  it('teaches somebody who is not to be watched by the same mastery and choice, and keeps nothing of her behaviour', () => {
    const play = (more: Partial<Situation>) => {
      let state = emptyLearnerState();
      const chosen: unknown[] = [];
      for (let n = 1; n <= 6; n++) {
        const around = circumstances(n);
        const input = {
          id: `response-${n}`,
          sessionId: 'session',
          activityId: 'activity-2',
          activityVersion: 1,
          answer: { kind: 'text', text: 'yes' } as const,
          correct: null,
          durationMs: 30_000,
          at: around.now.getTime(),
        };
        const item = catalogue.activities.get('activity-2')!;
        const marked = { correct: n % 2 === 0, gradedBy: 'attune', misconceptionId: null } as const;
        const step = respond(catalogue, { ...situation(state), ...more }, item, input, marked, around);
        ({ state } = step);
        chosen.push(step.decision, step.response.changes);
        if ('sensing' in more || more.graded) expect(step.estimate).toBeNull();
        else expect(step.estimate).not.toBeNull();
      }
      return { chosen, state };
    };
    const { sensing } = situation(emptyLearnerState());
    const watched = play({});
    for (const more of [
      { sensing: { ...sensing, isWithdrawn: true } },
      { sensing: { ...sensing, ceilings: { ...sensing.ceilings, course: 'off' as const } } },
    ]) {
      const unwatched = play(more);
      expect(unwatched.chosen).toEqual(watched.chosen);
      expect(unwatched.state.mastery).toEqual(watched.state.mastery);
      expect(unwatched.state.behaviour.answers).toEqual([]);
    }
    expect(play({ graded: true }).state.behaviour.answers).toEqual([]);
  });

  it('offers nothing to somebody who answers well', () => {
    let state = emptyLearnerState();
    for (let n = 1; n <= 10; n++) {
      const step = answer(state, n, true);
      expect(step.intervention).toBeNull();
      state = step.state;
    }
  });

  it('leaves mastery and behaviour alone when an explanation was read', () => {
    const before = answer(emptyLearnerState(), 1, true).state;
    const item = catalogue.activities.get('activity-8')!;
    const input = {
      id: 'r',
      sessionId: 'session',
      activityId: 'activity-8',
      activityVersion: 1,
      answer: { kind: 'done' } as const,
      correct: null,
      durationMs: 9_000,
      at: now.getTime(),
    };
    const step = respond(
      catalogue,
      situation(before),
      item,
      input,
      { correct: null, gradedBy: 'attune', misconceptionId: null },
      circumstances(2),
    );
    expect(step.state.mastery).toEqual(before.mastery);
    expect(step.response).toMatchObject({ correct: null, predicted: null, changes: [], sequence: 2 });
  });

  it('holds a device clock that runs ahead at the time of receipt, and stores what it said', () => {
    const item = catalogue.activities.get('activity-2')!;
    const ahead = now.getTime() + 3_600_000;
    const input = {
      id: 'r',
      sessionId: 'session',
      activityId: 'activity-2',
      activityVersion: 1,
      answer: { kind: 'text', text: 'yes' } as const,
      correct: null,
      durationMs: 9_000,
      at: ahead,
    };
    const step = respond(
      catalogue,
      situation(emptyLearnerState()),
      item,
      input,
      { correct: true, gradedBy: 'attune', misconceptionId: null },
      circumstances(0),
    );
    expect(step.response.deviceAt.getTime()).toBe(ahead);
    expect(step.response.receivedAt).toEqual(now);
    expect(step.state.behaviour.lastAt).toBeLessThanOrEqual(now.getTime());
  });

  it('cites the recommendation only where the learner answers it, in the version that was recommended', () => {
    const first = answer(emptyLearnerState(), 1, true);
    expect(first.response.decisionId, 'nothing was recommended yet').toBeNull();
    const { id, activityId: recommended } = first.decision!;
    const other = recommended === 'activity-2' ? 'activity-3' : 'activity-2';
    const cited = (change: object) => answer(first.state, 2, true, change).response.decisionId;
    expect(cited({ activity: recommended })).toBe(id);
    expect(cited({ activity: other })).toBeNull();
    expect(cited({ activity: recommended, version: 2 })).toBeNull();
    const again = parseLearnerState(storeLearnerState(first.state));
    expect(answer(again, 2, true, { activity: recommended }).response.decisionId).toBe(id);
  });

  it('measures somebody with extra time against as much more time', () => {
    const paceOf = (durationMs: number, extraTime: number) =>
      answer(emptyLearnerState(), 1, true, { durationMs, extraTime }).state.behaviour.answers[0]!.pace;
    expect(paceOf(120_000, 1)).toBeGreaterThan(1);
    expect(paceOf(120_000, 2)).toBeCloseTo(paceOf(60_000, 1), 9);
  });
});
