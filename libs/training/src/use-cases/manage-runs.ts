import { fail, isFailure, isSameJson, refuseInput, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import { trainingChanged } from '../model/events.js';
import { backbones } from '../model/training-plan.js';
import type { TrainingRun } from '../model/training-run.js';
import { makeRunCode } from '../policy/run-code.js';
import { hasEnded, runTimes } from '../policy/run-state.js';
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
      const wrong = checkEngine(input);
      if (wrong !== null) return wrong;
      const dataset = await datasets.findDataset(input.datasetId);
      if (dataset?.courseId !== input.courseId) return fail('NOT_FOUND', 'The course has no such dataset.');
      const { code, digest } = this.newCode();
      const run = newRun(input, actor, clock.now());
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

  /** The code before gives nothing out any more; whoever trains already goes on. */
  async renewCode(actor: Actor, id: string): Promise<StartedRun | Failure> {
    return this.change(actor, id, 'training.code-renewed', async (run) => {
      if (run.engine === 'node' || hasEnded(run)) return fail('WRONG_STATE', `A run that is ${run.state} has no code.`);
      const { code, digest } = this.newCode();
      const codeExpiresAt = new Date(this.deps.clock.now() + runTimes.code);
      await this.deps.runs.setCode(id, digest);
      await this.deps.runs.updateRun(id, { codeExpiresAt });
      return { kind: 'started', run: { ...run, codeExpiresAt }, code };
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
    // Two secrets, so that there are more than enough bytes.
    const code = makeRunCode(bytesOf(secrets.makeSecret() + secrets.makeSecret()));
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

function newRun(input: NewRun, actor: Actor, now: number): TrainingRun {
  return {
    ...input,
    state: 'preparing',
    failure: null,
    dataset: null,
    codeExpiresAt: new Date(now + runTimes.code),
    heardAt: null,
    cancelledAt: null,
    endedAt: null,
    modelId: null,
    createdBy: actor.pseudonym,
    createdAt: new Date(now),
  };
}

/** The network has to be one that the engine has; a head trained here is put on the classical description or on a model. */
function checkEngine({ engine, backbone, weights }: NewRun): Failure | null {
  if (engine === 'node') {
    if (weights === 'none') return null;
    return refuseInput([{ path: 'weights', message: 'is for the training package; here the backbone has its own' }]);
  }
  const known: readonly string[] = backbones['image-classification'];
  if (known.includes(backbone)) return null;
  return refuseInput([{ path: 'backbone', message: `is none of ${known.join(', ')}` }]);
}

function chosenOf({ id, courseId, datasetId, name, engine, backbone, weights, abstainBelow, numbers }: NewRun): object {
  return { id, courseId, datasetId, name, engine, backbone, weights, abstainBelow, numbers };
}

/** The bytes of a text of base64url. */
function bytesOf(text: string): Uint8Array {
  const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const bits = [...text].map((character) => digits.indexOf(character).toString(2).padStart(6, '0')).join('');
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
