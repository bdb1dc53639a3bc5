import type { RunState, TrainingRun } from '../model/training-run.js';

/** Milliseconds. */
export const runTimes = {
  /** How long a code gives out the plan. */
  code: 24 * 3_600_000,
  /** How long the address of a dataset holds. */
  archive: 3_600_000,
  /** Without a sign of life for so long, a run is stalled. */
  stalled: 600_000,
  /** Teachers hear of the progress of a run no more often. */
  told: 3_000,
} as const;

/** Seconds between two reports of a run. */
export const secondsBetweenReports = 10;

const ended: readonly RunState[] = ['done', 'failed', 'cancelled', 'expired'];

export function hasEnded({ state }: Pick<TrainingRun, 'state'>): boolean {
  return ended.includes(state);
}

/** The state as it is told: a run whose code was not used in time has expired. */
export function stateAt(run: Pick<TrainingRun, 'state' | 'codeExpiresAt'>, now: number): RunState {
  return run.state === 'waiting' && run.codeExpiresAt.getTime() <= now ? 'expired' : run.state;
}

/** Whether a run that goes on has been silent for too long; it may come back. */
export function isStalled({ state, heardAt }: Pick<TrainingRun, 'state' | 'heardAt'>, now: number): boolean {
  return state === 'running' && heardAt !== null && now - heardAt.getTime() > runTimes.stalled;
}
