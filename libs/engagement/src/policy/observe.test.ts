import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  absencesKept,
  answersKept,
  emptyBehaviour,
  type BehaviourEvent,
  type BehaviourState,
  type EngagementEstimate,
  type ItemNorm,
} from '../model/behaviour.js';
import { parseBehaviourState } from '../model/parse-behaviour-state.js';
import { observe, overlook } from './observe.js';

const usual: ItemNorm = { medianMs: 60_000, spread: 0.6, successRate: 0.75 };
const hard: ItemNorm = { medianMs: 180_000, spread: 0.6, successRate: 0.3 };

/** A learner at an app: what she does moves the clock on and leaves an estimate. */
class Sitting {
  state: BehaviourState = emptyBehaviour();
  estimate!: EngagementEstimate;
  private at = 1_700_000_000_000;
  private item = 0;

  constructor(private readonly norm: ItemNorm = usual) {}

  event(event: BehaviourEvent): this {
    ({ state: this.state, estimate: this.estimate } = observe(this.state, event, this.norm));
    return this;
  }
  wait(seconds: number): this {
    this.at += seconds * 1_000;
    return this;
  }
  shown(): this {
    return this.event({ kind: 'activity-shown', at: this.at, activityId: `item-${++this.item}` });
  }
  hint(step = 1): this {
    return this.event({ kind: 'hint-requested', at: this.at, activityId: `item-${this.item}`, step });
  }
  did(kind: 'went-idle' | 'came-back' | 'left-page' | 'asked-for-help'): this {
    return this.event({ kind, at: this.at });
  }
  /** Answers the item that is open, or a new one, `seconds` after it was shown. */
  answers(correct: boolean, seconds = 60): this {
    if (this.state.open === null) this.shown();
    const { shownAt, hints } = this.state.open!;
    this.at = Math.max(this.at, shownAt + seconds * 1_000);
    const durationMs = this.at - shownAt;
    const activityId = `item-${this.item}`;
    return this.event({ kind: 'answered', at: this.at, activityId, correct, durationMs, hintsUsed: hints });
  }
  get label(): string {
    return this.estimate.label;
  }
}

const sitting = (norm?: ItemNorm): Sitting => new Sitting(norm);

describe('before there is evidence', () => {
  it('says so', () => {
    expect(sitting().shown().estimate).toEqual({
      label: 'unknown',
      confidence: 0.2,
      evidence: [{ code: 'answers', value: 0 }],
    });
    expect(sitting().answers(true).label).toBe('unknown');
  });
});

describe('engaged', () => {
  it('is answering at one’s pace', () => {
    const estimate = sitting().answers(true).answers(true, 40).answers(true, 80).estimate;
    expect(estimate.label).toBe('engaged');
    expect(estimate.evidence[0]).toEqual({ code: 'response-time-effort', value: 1 });
  });
  it('survives one slip', () => {
    expect(sitting().answers(true).answers(true).answers(false).label).toBe('engaged');
  });
});

describe('guessing', () => {
  it('is two wrong answers in less time than the item takes to read', () => {
    const one = sitting().answers(true).answers(false, 3);
    expect(one.label).not.toBe('guessing');
    expect(one.answers(false, 3).label).toBe('guessing');
    const surer = one.estimate.confidence;
    expect(one.answers(false, 3).estimate.confidence).toBeGreaterThan(surer);
  });
  it('is not the fluency of a learner who is quick and right', () => {
    const fluent = sitting();
    for (let n = 0; n < 6; n++) expect(fluent.answers(true, 4).label).not.toBe('guessing');
  });
  it('ends when the learner takes her time again', () => {
    const back = sitting().answers(false, 3).answers(false, 3).answers(true).answers(true);
    expect(back.label).toBe('engaged');
  });
  it('is clicking through the hints', () => {
    const rushing = sitting().shown().wait(5).hint(1).wait(1).hint(2);
    expect(rushing.label).not.toBe('guessing');
    expect(rushing.wait(1).hint(3).label).toBe('guessing');
  });
});

describe('confused', () => {
  it('is slow, wrong, hint after hint', () => {
    const estimate = sitting().shown().wait(30).hint(1).wait(40).hint(2).answers(false, 150).estimate;
    expect(estimate.label).toBe('confused');
    expect(estimate.evidence.find((one) => one.code === 'hints')).toEqual({ code: 'hints', value: 2 });
  });
  it('is failing again and again at what others get right', () => {
    const failing = sitting().answers(false).answers(false);
    expect(failing.label).not.toBe('confused');
    expect(failing.answers(false).label).toBe('confused');
  });
  it('is not told from answers that were too fast to have been tries', () => {
    expect(sitting().answers(false, 3).answers(false).answers(false).label).not.toBe('confused');
  });
  it('is asking for help after long thought and hints', () => {
    const stuck = sitting().answers(true).shown().wait(30).hint(1).wait(60).hint(2).wait(60);
    expect(stuck.label).not.toBe('confused');
    expect(stuck.did('asked-for-help').label).toBe('confused');
  });
  it('ends with a right answer', () => {
    const solved = sitting().answers(false).answers(false).answers(false).answers(true);
    expect(solved.label).toBe('productive-struggle');
  });
  it('is not failing a hard item slowly, with hints', () => {
    const brave = sitting(hard).answers(true, 180).shown().wait(100).hint(1).wait(100).hint(2).answers(false, 400);
    expect(brave.label).toBe('productive-struggle');
  });
  it('is not needing every hint of a hard item', () => {
    const brave = sitting(hard).answers(true, 180).shown();
    for (let step = 1; step <= 3; step++) brave.wait(100).hint(step);
    expect(brave.answers(false, 500).label).toBe('productive-struggle');
  });
  it('is not taking long when away: time off the page is not time on the item', () => {
    const path = (away: boolean): Sitting => {
      const one = sitting().answers(false).shown().wait(10);
      if (away) one.did('left-page').wait(170).did('came-back');
      return one.answers(false, 180);
    };
    expect(path(false).label).toBe('confused');
    expect(path(true).label).not.toBe('confused');
  });
  it('is told more surely from ten tries that never hold', () => {
    const spins = sitting();
    const normal = sitting();
    for (let n = 0; n < 9; n++) {
      spins.answers(n % 3 === 0);
      normal.answers(n % 3 !== 0);
    }
    spins.answers(false);
    normal.answers(false);
    expect(spins.label).toBe('confused');
    expect(spins.estimate.evidence.at(-1)).toEqual({ code: 'wheel-spinning', value: 1 });
    expect(normal.label).not.toBe('confused');
  });
});

describe('productive struggle', () => {
  it('is overcoming a failure', () => {
    expect(sitting().answers(true).answers(false).answers(true, 150).label).toBe('productive-struggle');
  });
  it('is a first wrong answer after long thought', () => {
    expect(sitting().answers(true).answers(false, 110).label).toBe('productive-struggle');
  });
});

describe('away and distracted', () => {
  it('is away off the page, and back with the next thing she does', () => {
    const one = sitting().answers(true).answers(true).shown().wait(5).did('left-page');
    expect(one.estimate).toMatchObject({ label: 'away', confidence: 0.95 });
    expect(one.wait(20).answers(true).label).toBe('engaged');
    expect(one.state.absent).toBeNull();
  });
  it('is not away when idle for as long as the item takes to think about', () => {
    const thinking = sitting().answers(true).answers(true).shown();
    expect(thinking.wait(60).did('went-idle').label).toBe('engaged');
    expect(thinking.did('came-back').wait(120).did('went-idle').label).toBe('away');
  });
  it('is distracted when away again and again', () => {
    const restless = sitting().answers(true).answers(true);
    for (let n = 0; n < 3; n++) restless.shown().wait(10).did('left-page').wait(15).did('came-back');
    expect(restless.label).toBe('distracted');
    expect(restless.answers(true).wait(300).answers(true).label).toBe('engaged');
  });
});

const anEvent: fc.Arbitrary<(at: number) => BehaviourEvent> = fc.oneof(
  fc.constantFrom('a', 'b').map((activityId) => (at: number) => ({ kind: 'activity-shown' as const, at, activityId })),
  fc
    .constantFrom('a', 'b')
    .map((activityId) => (at: number) => ({ kind: 'hint-requested' as const, at, activityId, step: 1 })),
  fc
    .record({
      activityId: fc.constantFrom('a', 'b'),
      correct: fc.boolean(),
      durationMs: fc.integer({ min: 0, max: 3_600_000 }),
      hintsUsed: fc.nat(5),
    })
    .map((answer) => (at: number) => ({ kind: 'answered' as const, at, ...answer })),
  fc
    .constantFrom('went-idle' as const, 'came-back' as const, 'left-page' as const, 'asked-for-help' as const)
    .map((kind) => (at: number) => ({ kind, at })),
);
/** Steps back in time too: a device's clock may be set. */
const story = fc.array(fc.tuple(anEvent, fc.integer({ min: -60_000, max: 600_000 })), { maxLength: 60 });
const norms = fc.record({
  medianMs: fc.integer({ min: 1_000, max: 600_000 }),
  spread: fc.double({ min: 0.2, max: 1.5, noNaN: true }),
  successRate: fc.double({ min: 0.02, max: 0.98, noNaN: true }),
});

describe('laws', () => {
  it('keeps a bounded state that survives storage, changes no input and always gives a sound estimate', () => {
    fc.assert(
      fc.property(story, norms, (events, norm) => {
        let state = emptyBehaviour();
        let at = 1_700_000_000_000;
        for (const [make, step] of events) {
          at += step;
          const copy = structuredClone(state);
          const next = observe(state, make(at), norm);
          expect(state).toEqual(copy);
          expect(next.estimate.confidence).toBeGreaterThan(0);
          expect(next.estimate.confidence).toBeLessThanOrEqual(0.95);
          for (const { value } of next.estimate.evidence) expect(Number.isFinite(value)).toBe(true);
          expect(next.state.lastAt).toBeGreaterThanOrEqual(state.lastAt);
          for (const absence of next.state.absences) expect(absence.to).toBeGreaterThanOrEqual(absence.from);
          expect(next.state.answers.length).toBeLessThanOrEqual(answersKept);
          expect(next.state.absences.length).toBeLessThanOrEqual(absencesKept);
          const stored = JSON.stringify(next.state);
          expect(stored.length).toBeLessThan(4_000);
          expect(parseBehaviourState(JSON.parse(stored))).toEqual(next.state);
          state = next.state;
        }
      }),
    );
  });

  it('never calls confused on a harder item what is not confused on an easier one', () => {
    const tries = fc.array(fc.record({ seconds: fc.integer({ min: 30, max: 300 }), hints: fc.nat(4) }), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(
        tries,
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        fc.double({ min: 0.1, max: 1, noNaN: true }),
        (all, rate, share) => {
          const play = (successRate: number): string => {
            const one = sitting({ ...usual, successRate });
            for (const { seconds, hints } of all) {
              one.shown();
              for (let n = 0; n < hints; n++) one.wait(5).hint();
              one.answers(false, seconds);
            }
            return one.label;
          };
          if (play(rate * share) === 'confused') expect(play(rate)).toBe('confused');
        },
      ),
    );
  });
});

describe('overlook', () => {
  it('judges nothing and keeps nothing but what is in front of her, whatever she does', () => {
    const kinds = fc.constantFrom('shown', 'hint', 'right', 'wrong', 'idle', 'left', 'back', 'help');
    fc.assert(
      fc.property(fc.array(fc.tuple(kinds, fc.integer({ min: 0, max: 300_000 })), { maxLength: 30 }), (steps) => {
        let [state, at, item] = [emptyBehaviour(), 1_700_000_000_000, 0];
        for (const [kind, wait] of steps) {
          at += wait;
          const activityId = `item-${item}`;
          const event: BehaviourEvent =
            kind === 'shown'
              ? { kind: 'activity-shown', at, activityId: `item-${++item}` }
              : kind === 'hint'
                ? { kind: 'hint-requested', at, activityId, step: 1 }
                : kind === 'right' || kind === 'wrong'
                  ? { kind: 'answered', at, activityId, correct: kind === 'right', durationMs: wait, hintsUsed: 2 }
                  : {
                      kind: (
                        { idle: 'went-idle', left: 'left-page', back: 'came-back', help: 'asked-for-help' } as const
                      )[kind],
                      at,
                    };
          const seen = overlook(state, event, usual);
          expect(seen.estimate).toEqual({ label: 'unknown', confidence: 0, evidence: [] });
          state = seen.state;
          expect(state).toMatchObject({ answers: [], absences: [], absent: null });
          expect(state.open ?? { hints: 0, askedForHelp: false }).toMatchObject({ hints: 0, askedForHelp: false });
          if (kind === 'shown') expect(state.open?.activityId).toBe(`item-${item}`);
          expect(parseBehaviourState(JSON.parse(JSON.stringify(state)))).toEqual(state);
        }
      }),
    );
  });
});
