import type { Actor } from '#libs/identity';
import type { FrozenDataset } from '../model/dataset.js';
import type { TrainingRun } from '../model/training-run.js';
import type { RunDependencies } from './run-dependencies.js';

/**
 * Whether a frozen dataset can be given out: its archive is there, and all whose works it holds consent to training. Until the
 * unit of work around it ends, the archive stays.
 */
export async function canBeGiven(
  { archives, ledger, clock }: Pick<RunDependencies, 'archives' | 'ledger' | 'clock'>,
  { institutionId }: Actor,
  { sha256 }: Pick<FrozenDataset, 'sha256'>,
): Promise<boolean> {
  const mayBeGiven = await ledger.holdToGive(sha256, new Date(clock.now()));
  return mayBeGiven && (await archives.locate(institutionId, sha256)) !== null;
}

/** Has the dataset of a locked run frozen once more. A machine that has its plan needs to ask for it again. */
export async function prepareAnew(
  { runs, queue }: Pick<RunDependencies, 'runs' | 'queue'>,
  run: TrainingRun,
): Promise<TrainingRun> {
  const change = { state: 'preparing', dataset: null } as const;
  await runs.updateRun(run.id, change);
  await runs.setToken(run.id, null);
  await queue.enqueuePreparation(run.id);
  return { ...run, ...change };
}
