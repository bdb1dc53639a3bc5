import { describe, expect, it } from 'vitest';
import type { ItemHistory } from '../model/behaviour.js';
import { normOf } from './item-norm.js';

const authored = { minutes: 1, expectedSuccess: 0.75 };

function historyOf(durationsMs: readonly number[], correct: number): ItemHistory {
  let meanLogMs = 0;
  let m2LogMs = 0;
  durationsMs.forEach((duration, index) => {
    const delta = Math.log(duration) - meanLogMs;
    meanLogMs += delta / (index + 1);
    m2LogMs += delta * (Math.log(duration) - meanLogMs);
  });
  return { count: durationsMs.length, meanLogMs, m2LogMs, correct };
}

describe('what is usual for an item', () => {
  it('is what its author says before anyone has answered', () => {
    const norm = normOf(null, authored);
    expect(norm.medianMs).toBeCloseTo(60_000, 6);
    expect(norm).toMatchObject({ spread: 0.6, successRate: 0.75 });
    expect(normOf({ count: 0, meanLogMs: 0, m2LogMs: 0, correct: 0 }, authored)).toEqual(norm);
  });

  it('is half way, on the log scale, after as many answers as the author counts for', () => {
    const norm = normOf(historyOf(Array(20).fill(15_000), 5), authored);
    expect(norm.medianMs).toBeCloseTo(30_000, 6);
    expect(norm.successRate).toBe(0.5);
    expect(norm.spread).toBeCloseTo(0.6 * Math.SQRT1_2, 10);
  });

  it('is what learners do once many have answered', () => {
    const durations = Array.from({ length: 10_000 }, (_, n) => (n % 2 === 0 ? 20_000 : 80_000));
    const norm = normOf(historyOf(durations, 9_000), authored);
    expect(norm.medianMs).toBeGreaterThan(39_900);
    expect(norm.medianMs).toBeLessThan(40_100);
    expect(norm.spread).toBeCloseTo(Math.log(2), 2);
    expect(norm.successRate).toBeCloseTo(0.9, 2);
  });

  it('stays usable for items that all learners answer alike and for authors who expect the impossible', () => {
    const norm = normOf(historyOf(Array(5_000).fill(4_000), 5_000), { minutes: 0, expectedSuccess: 1 });
    expect(norm.spread).toBeGreaterThanOrEqual(0.2);
    expect(norm.successRate).toBe(0.98);
    expect(norm.medianMs).toBeGreaterThan(1_000);
  });
});
