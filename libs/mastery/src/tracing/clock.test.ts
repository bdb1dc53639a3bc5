import { describe, expect, it } from 'vitest';
import { seededRng } from '#libs/kernel';
import { attuneFeatures } from './features.js';
import { emptyTrace } from './learner-trace.js';
import { qualityOf } from './metrics.js';
import { fitPopulation, Tracer, type History, type TracedResponse } from './population.js';

const hour = 3_600_000;
const minute = 60_000;

/** Learners who know a skill after practice and forget it between the days: only the clock says when a day has passed. */
function forgetful(learners: number, seed: string): History[] {
  const rng = seededRng(seed);
  return Array.from({ length: learners }, () => {
    const level = 1.5 * (rng() - 0.5);
    const lastAt = new Map<number, number>();
    let now = 0;
    return Array.from({ length: 40 }, (): TracedResponse => {
      now += rng() < 0.3 ? 30 * hour : minute;
      const item = Math.floor(rng() * 12);
      const skill = item % 3;
      const before = lastAt.get(skill);
      const knows = before === undefined ? 0 : now - before < 12 * hour ? 1.6 : -1.2;
      lastAt.set(skill, now);
      return { item, skills: [skill], right: rng() < 1 / (1 + Math.exp(-level - knows)) ? 1 : 0, at: now };
    });
  });
}

const withoutClock = (histories: History[]): History[] =>
  histories.map((history) => history.map(({ item, skills, right }) => ({ item, skills, right })));

function lossOf(train: History[], test: History[]): number {
  const tracer = new Tracer(fitPopulation(train, attuneFeatures));
  const predictions = test.flatMap((history) => {
    let trace = emptyTrace();
    return history.map((response) => {
      const p = tracer.predict(trace, response);
      trace = tracer.learn(trace, response);
      return p;
    });
  });
  const answers = Uint8Array.from(test.flat(), ({ right }) => right);
  return qualityOf(answers, Float64Array.from(predictions)).logLoss;
}

describe('a clock', () => {
  const train = forgetful(120, 'train');
  const test = forgetful(80, 'test');

  it('tells what was forgotten between the days', () => {
    expect(lossOf(train, test)).toBeLessThan(lossOf(withoutClock(train), withoutClock(test)) - 0.02);
  }, 60_000);

  it('makes the same gap count less within a session than over a night', () => {
    const tracer = new Tracer(fitPopulation(train, attuneFeatures));
    let trace = emptyTrace();
    for (let step = 0; step < 6; step++)
      trace = tracer.learn(trace, { item: 0, skills: [0], right: 1, at: step * minute });
    const next = (at: number): number => tracer.predict(trace, { item: 3, skills: [0], at });
    expect(next(7 * minute)).toBeGreaterThan(next(40 * hour) + 0.1);
  }, 60_000);

  it('may be missing now and then, or go backwards', () => {
    const tracer = new Tracer(fitPopulation(train.slice(0, 20), attuneFeatures));
    let trace = emptyTrace();
    for (const at of [5 * hour, undefined, hour, undefined, 9 * hour]) {
      const item = { item: 1, skills: [1], at };
      const p = tracer.predict(trace, item);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
      trace = tracer.learn(trace, { ...item, right: 1 });
    }
    expect(trace.lastAt).toBe(9 * hour);
    expect(trace.skills.get(1)?.lastAt).toBe(9 * hour);
    expect(trace.items.get(1)?.lastAt).toBe(9 * hour);
  }, 60_000);
});
