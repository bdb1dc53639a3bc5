import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { trainingChanged } from '../model/events.js';
import type { TrainingRun } from '../model/training-run.js';
import type { FreezeDataset } from './freeze-dataset.js';
import { canBeGiven } from './prepare-anew.js';
import type { RunDependencies } from './run-dependencies.js';

/** How often a dataset is frozen whose archive may not be given out as soon as it is there. */
const tries = 3;

/** Freezes the dataset of a run; then its code gives out the plan, or it is trained here. Doing it twice has one effect. */
export class PrepareRun {
  constructor(private readonly deps: RunDependencies & { readonly freeze: FreezeDataset }) {}

  async execute(actor: Actor, id: string): Promise<TrainingRun | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Runs are prepared by the system.');
    const { unitOfWork, runs, freeze } = this.deps;
    const found = await unitOfWork.run(actor, () => runs.findRun(id));
    if (found === null) return fail('NOT_FOUND', 'There is no such run any more.');
    if (found.state !== 'preparing') return found;
    for (let left = tries; left > 0; left--) {
      const settled = await this.settle(actor, id, await freeze.execute(actor, found.datasetId, found.numbers.seed));
      if (settled !== 'withheld') return settled;
    }
    return this.fail(actor, id, fail('UNAVAILABLE', 'The dataset changed while it was frozen. Start the run again.'));
  }

  /** For a job that nobody could finish: the run fails, if it still waits for it. */
  async giveUp(actor: Actor, id: string): Promise<TrainingRun | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Runs are prepared by the system.');
    return this.fail(actor, id, fail('INTERNAL', 'The dataset could not be frozen. Start the run again.'));
  }

  private async fail(actor: Actor, id: string, failure: Failure): Promise<TrainingRun | Failure> {
    const settled = await this.settle(actor, id, failure);
    return settled === 'withheld' ? failure : settled;
  }

  /** `withheld`: while it was frozen, somebody whose work is in it has withdrawn it, or the archive was forgotten. */
  private settle(
    actor: Actor,
    id: string,
    frozen: NonNullable<TrainingRun['dataset']> | Failure,
  ): Promise<TrainingRun | Failure | 'withheld'> {
    const { runs, queue, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const run = await runs.lockRun(id);
      if (run === null) return fail('NOT_FOUND', 'There is no such run any more.');
      if (run.state !== 'preparing') return run;
      if (!isFailure(frozen) && !(await canBeGiven(this.deps, actor, frozen))) return 'withheld';
      const now = new Date(clock.now());
      const isHere = run.engine === 'node';
      const change = isFailure(frozen)
        ? ({ state: 'failed', failure: inWords(frozen), endedAt: now } as const)
        : isHere
          ? ({ state: 'running', dataset: frozen, heardAt: now } as const)
          : ({ state: 'waiting', dataset: frozen } as const);
      await runs.updateRun(id, change);
      if (change.state === 'running') await queue.enqueueTraining(id);
      const next = { ...run, ...change };
      news.push(trainingChanged(next));
      return next;
    });
  }
}

/** A failure with all that it names. */
export function inWords({ message, issues = [] }: Failure): string {
  return issues.length === 0 ? message : issues.map(({ path, message: what }) => `${path}: ${what}`).join('; ');
}
