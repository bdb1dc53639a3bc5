import { fail, isFailure, isSameJson, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { DatasetTask } from '../model/dataset.js';
import { trainingChanged } from '../model/events.js';
import type { TrainingRun } from '../model/training-run.js';
import { makeRunCode } from '../policy/run-code.js';
import { wrongEngine } from '../policy/wrong-engine.js';
import { expiryOf, hasEnded, runTimes } from '../policy/run-state.js';
import { canBeGiven, prepareAnew } from './prepare-anew.js';
import type { RunDependencies } from './run-dependencies.js';

/** A new run; `id` is made by the caller. */
export type NewRun = Pick<
  TrainingRun,
  'id' | 'courseId' | 'datasetId' | 'name' | 'engine' | 'backbone' | 'weights' | 'abstainBelow' | 'numbers'
>;

/** A run, and the code that gives out its plan: told once, since only its digest is kept. */
export interface StartedRun {
  readonly kind: 'started';
  readonly run: TrainingRun;
  /** Null where it was told before, and for a run that is trained here. */
  readonly code: string | null;
}

/** Teachers start training runs, give them new codes, and cancel them. */
export class ManageRuns {
  constructor(private readonly deps: RunDependencies) {}

  /** The same id with the same content is the same run; its code is not told again. */
  async start(actor: Actor, input: NewRun): Promise<StartedRun | Failure> {
    const { access, datasets, runs, queue, audit, clock } = this.deps;
    return withEvents(this.deps, actor, async (news): Promise<StartedRun | Failure> => {
      const refused = await demandTeaching(access, actor, input.courseId);
      if (refused !== null) return refused;
      const dataset = await datasets.findDataset(input.datasetId);
      if (dataset?.courseId !== input.courseId) return fail('NOT_FOUND', 'The course has no such dataset.');
      const wrong = wrongEngine(input, dataset.task);
      if (wrong !== null) return wrong;
      const { code, digest } = this.newCode();
      const run = newRun(input, dataset.task, actor, clock.now());
      if (!(await runs.insertRun(run, digest))) {
        const earlier = await runs.findRun(input.id);
        const isSame = earlier !== null && isSameJson(chosenOf(earlier), chosenOf(input));
        return isSame ? { kind: 'started', run: earlier, code: null } : fail('ID_REUSED');
      }
      await queue.enqueuePreparation(run.id);
      const { engine, backbone, datasetId } = input;
      const details = { engine, backbone, datasetId };
      await audit.record(actor, { action: 'training.started', objectKind: 'training-run', objectId: run.id, details });
      news.push(trainingChanged(run));
      return { kind: 'started', run, code: run.engine === 'node' ? null : code };
    });
  }

  /**
   * The code before gives nothing out any more; whoever trains already goes on. A run that failed elsewhere, or whose code has
   * expired, waits again: with the new code its machine goes on from its last checkpoint. Where its archive is not to be given
   * out any more, it is prepared anew.
   */
  async renewCode(actor: Actor, id: string): Promise<StartedRun | Failure> {
    return this.change(actor, id, 'training.code-renewed', async (stored, news) => {
      const { runs, clock } = this.deps;
      const run = { ...stored, ...expiryOf(stored, clock.now()) };
      const mayComeBack = (run.state === 'failed' || run.state === 'expired') && run.dataset !== null;
      if (run.engine === 'node' || run.cancelledAt !== null || (hasEnded(run) && !mayComeBack)) {
        return fail('WRONG_STATE', `A run that is ${run.cancelledAt === null ? run.state : 'cancelled'} has no code.`);
      }
      const isWithheld = run.dataset !== null && !(await canBeGiven(this.deps, actor, run.dataset));
      if (isWithheld && run.state === 'running') return fail('WRONG_STATE', noMoreMachines);
      const { code, digest } = this.newCode();
      const again = mayComeBack ? ({ state: 'waiting', failure: null, endedAt: null } as const) : {};
      const change = { codeExpiresAt: new Date(clock.now() + runTimes.code), ...again };
      await runs.setCode(id, digest);
      await runs.updateRun(id, change);
      const renewed = { ...run, ...change };
      const next = isWithheld ? await prepareAnew(this.deps, renewed) : renewed;
      if (next.state !== run.state) news.push(trainingChanged(next));
      return { kind: 'started', run: next, code };
    });
  }

  /** One that goes on elsewhere hears of it with its next report; cancelling again is harmless. */
  async cancel(actor: Actor, id: string): Promise<TrainingRun | Failure> {
    return this.change(actor, id, 'training.cancelled', async (run, news) => {
      if (hasEnded(run)) {
        return run.state === 'cancelled'
          ? run
          : fail('WRONG_STATE', `The run is ${run.state}: there is nothing to cancel.`);
      }
      const now = new Date(this.deps.clock.now());
      const end = run.state === 'running' ? {} : ({ state: 'cancelled', endedAt: now } as const);
      const change = { cancelledAt: run.cancelledAt ?? now, ...end };
      await this.deps.runs.updateRun(id, change);
      if (run.state !== 'running') news.push(trainingChanged({ ...run, ...change }));
      return { ...run, ...change };
    });
  }

  private newCode(): { code: string; digest: string } {
    const { secrets } = this.deps;
    const code = makeRunCode(secrets.makeSecret());
    return { code, digest: secrets.digest(code) };
  }

  private change<T>(
    actor: Actor,
    id: string,
    action: string,
    work: (run: TrainingRun, news: NewEvent[]) => Promise<T | Failure>,
  ): Promise<T | Failure> {
    const { access, runs, audit } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const run = await runs.lockRun(id);
      const refused = run && (await demandTeaching(access, actor, run.courseId));
      if (run === null || refused?.code === 'NOT_FOUND') return fail('NOT_FOUND', 'There is no such run for you.');
      if (refused) return refused;
      const outcome = await work(run, news);
      if (!isFailure(outcome)) await audit.record(actor, { action, objectKind: 'training-run', objectId: id });
      return outcome;
    });
  }
}

const noMoreMachines =
  'No other machine gets the dataset: a learner has withdrawn consent since it was frozen, or it is not here. Start another run.';

function newRun(input: NewRun, task: DatasetTask, actor: Actor, now: number): TrainingRun {
  return {
    ...input,
    task,
    state: 'preparing',
    failure: null,
    dataset: null,
    codeExpiresAt: new Date(now + runTimes.code),
    heardAt: null,
    stalledAt: null,
    cancelledAt: null,
    endedAt: null,
    modelId: null,
    createdBy: actor.pseudonym,
    createdAt: new Date(now),
  };
}

function chosenOf({ id, courseId, datasetId, name, engine, backbone, weights, abstainBelow, numbers }: NewRun): object {
  return { id, courseId, datasetId, name, engine, backbone, weights, abstainBelow, numbers };
}
