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

/**
 * Whether a machine that has the token of a run is still heard: also after its end, for its last words and its package once
 * more, and where it took the plan in time but said nothing before the code expired.
 */
export function isHeard(run: Pick<TrainingRun, 'state'>): boolean {
  return !hasEnded(run) || run.state === 'done' || run.state === 'expired';
}

/** How a run ends whose code was not used in time; null where it has not, or not yet. */
export function expiryOf(
  { state, codeExpiresAt }: Pick<TrainingRun, 'state' | 'codeExpiresAt'>,
  now: number,
): { readonly state: 'expired'; readonly endedAt: Date } | null {
  return state === 'waiting' && codeExpiresAt.getTime() <= now ? { state: 'expired', endedAt: codeExpiresAt } : null;
}

/** Whether a run that goes on has been silent for too long; it may come back. */
export function isStalled({ state, heardAt }: Pick<TrainingRun, 'state' | 'heardAt'>, now: number): boolean {
  return state === 'running' && heardAt !== null && now - heardAt.getTime() > runTimes.stalled;
}

/**
 * What has become of a run without anybody doing anything, and was not written down yet; null for nothing. A silent run is
 * noted as stalled, once; one that somebody has cancelled has ended, for nobody is left who would say so.
 */
export function tendingOf(
  run: Pick<TrainingRun, 'state' | 'codeExpiresAt' | 'heardAt' | 'stalledAt' | 'cancelledAt'>,
  now: number,
): Partial<Pick<TrainingRun, 'state' | 'endedAt' | 'stalledAt'>> | null {
  const expiry = expiryOf(run, now);
  if (expiry !== null || !isStalled(run, now)) return expiry;
  if (run.cancelledAt !== null) return { state: 'cancelled', endedAt: new Date(now), stalledAt: null };
  return run.stalledAt === null ? { stalledAt: new Date(now) } : null;
}
