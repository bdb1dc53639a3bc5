import { describe, expect, it } from 'vitest';
import type { TrainingRun } from '../model/training-run.js';
import { expiryOf, isHeard, isStalled, runTimes, tendingOf } from './run-state.js';

const now = 1_800_000_000_000;
const ago = (milliseconds: number): Date => new Date(now - milliseconds);
type Tended = Parameters<typeof tendingOf>[0];
const aRun = (more: Partial<Tended>): Tended => ({
  state: 'running',
  codeExpiresAt: ago(0),
  heardAt: ago(0),
  stalledAt: null,
  cancelledAt: null,
  ...more,
});

describe('what becomes of runs by themselves', () => {
  it('they expire when their code was not used in time, at the moment that it ended', () => {
    const codeExpiresAt = ago(5_000);
    expect(expiryOf({ state: 'waiting', codeExpiresAt }, now - 5_001)).toBeNull();
    expect(expiryOf({ state: 'waiting', codeExpiresAt }, now - 5_000)).toEqual({
      state: 'expired',
      endedAt: codeExpiresAt,
    });
    expect(tendingOf(aRun({ state: 'waiting', codeExpiresAt, heardAt: null }), now)).toEqual({
      state: 'expired',
      endedAt: codeExpiresAt,
    });
    for (const state of ['preparing', 'running', 'done', 'failed', 'cancelled', 'expired'] as const) {
      expect(expiryOf({ state, codeExpiresAt }, now), state).toBeNull();
    }
  });

  it('they stall after ten minutes of silence, and are noted once', () => {
    expect(isStalled(aRun({ heardAt: ago(runTimes.stalled) }), now)).toBe(false);
    expect(tendingOf(aRun({ heardAt: ago(runTimes.stalled) }), now)).toBeNull();
    const silent = aRun({ heardAt: ago(runTimes.stalled + 1) });
    expect(isStalled(silent, now)).toBe(true);
    expect(tendingOf(silent, now)).toEqual({ stalledAt: new Date(now) });
    expect(tendingOf({ ...silent, stalledAt: ago(60_000) }, now)).toBeNull();
    expect(tendingOf({ ...silent, state: 'done' }, now)).toBeNull();
    expect(tendingOf({ ...silent, state: 'waiting', heardAt: null, codeExpiresAt: ago(-1) }, now)).toBeNull();
  });

  it('they end where somebody has cancelled them and nobody is left to say so', () => {
    const cancelledAt = ago(1_000);
    expect(tendingOf(aRun({ cancelledAt }), now)).toBeNull();
    for (const stalledAt of [null, ago(1)]) {
      expect(tendingOf(aRun({ cancelledAt, stalledAt, heardAt: ago(runTimes.stalled + 1) }), now)).toEqual({
        state: 'cancelled',
        endedAt: new Date(now),
        stalledAt: null,
      });
    }
  });

  it('they are heard while they go on, after they are done, and where only their code has expired', () => {
    const states: TrainingRun['state'][] = [
      'preparing',
      'waiting',
      'running',
      'done',
      'failed',
      'cancelled',
      'expired',
    ];
    expect(states.filter((state) => isHeard({ state }))).toEqual([
      'preparing',
      'waiting',
      'running',
      'done',
      'expired',
    ]);
  });
});
