import { fail, isFailure, type Failure, type NewEvent } from '#libs/kernel';
import { dangerousSystemActor, parseCredential, withEvents, type Actor, type RateLimiter } from '#libs/identity';
import type { ModelPackage, ModelRepository, UploadModel } from '#libs/models';
import { trainingChanged, trainingProgressed } from '../model/events.js';
import type { TrainingPlan, TrainingProgress } from '../model/training-plan.js';
import type { TrainingRun } from '../model/training-run.js';
import { readRunCode } from '../policy/run-code.js';
import { hasEnded, isHeard, runTimes, secondsBetweenReports } from '../policy/run-state.js';
import type { TicketSeal } from '../runs.ports.js';
import { canBeGiven } from './prepare-anew.js';
import type { RunDependencies } from './run-dependencies.js';

export interface ServeRunDependencies extends RunDependencies {
  readonly limiter: RateLimiter;
  readonly tickets: TicketSeal;
  readonly upload: UploadModel;
  readonly models: ModelRepository;
}

/** Tries of codes from one address in a quarter of an hour. */
const tries = { most: 30, seconds: 900 } as const;

const noPlan = fail(
  'NOT_FOUND',
  'This code gives out no plan: is it right, and not expired? A teacher can make a new one.',
);
const withheld = fail(
  'WRONG_STATE',
  'A learner has withdrawn consent since the dataset was frozen, or it is not on this server. Try again in ten minutes, or have a new code made.',
);
const noToken = fail(
  'UNAUTHENTICATED',
  'This token is of no run that goes on. Fetch the plan again by the code of the run.',
);

/** Who speaks for a run: a machine that holds its token. */
interface Speaker {
  readonly actor: Actor;
  readonly runId: string;
  readonly digest: string;
}

/** What whoever trains a run elsewhere asks: the plan, the dataset, and to be heard. It is known by code, token and ticket only. */
export class ServeRun {
  constructor(private readonly deps: ServeRunDependencies) {}

  /**
   * Gives out the plan of a run by its code, with a new token: the one before ends.
   * @param from address that asks, for limits; the platform's own URL as it was asked
   */
  async plan(code: string, from: { readonly address: string; readonly url: string }): Promise<TrainingPlan | Failure> {
    const { limiter, secrets, runs } = this.deps;
    const wait = await limiter.hit(secrets.digest(`run code from ${from.address}`), tries.most, tries.seconds);
    if (wait !== null) return fail('RATE_LIMITED', `Too many tries. Wait ${wait} s.`, { retryAfterSeconds: wait });
    const read = readRunCode(code);
    const found = read && (await runs.findByCode(secrets.digest(read)));
    if (!found) return noPlan;
    const actor = dangerousSystemActor(found.institutionId);
    return withEvents(this.deps, actor, async () => {
      const run = await runs.lockRun(found.runId);
      if (run === null || hasEnded(run) || run.dataset === null) return noPlan;
      if (run.cancelledAt !== null || run.codeExpiresAt.getTime() <= this.deps.clock.now()) return noPlan;
      if (!(await canBeGiven(this.deps, actor, run.dataset))) return withheld;
      const secret = secrets.makeSecret();
      await runs.setToken(run.id, secrets.digest(secret));
      return this.planOf(actor, run, { url: from.url, secret, lastLine: await runs.lastSequence(run.id) });
    });
  }

  /** Where the archive of a ticket can be read. */
  async archive(ticket: string): Promise<{ readonly path: string; readonly bytes: number } | Failure> {
    const { tickets, archives, ledger, runs, unitOfWork, clock } = this.deps;
    const gone = fail(
      'NOT_FOUND',
      'This address of a dataset has expired. Fetch the plan again by the code of the run.',
    );
    const [institutionId, runId, until] = (tickets.open(ticket) ?? '').split(' ');
    if (institutionId === undefined || runId === undefined || Number(until) <= clock.now()) return gone;
    const actor = dangerousSystemActor(institutionId);
    const dataset = await unitOfWork.read(actor, async () => {
      const run = await runs.findRun(runId);
      if (run === null || run.dataset === null || (hasEnded(run) && run.state !== 'expired')) return null;
      return (await ledger.mayBeGiven(run.dataset.sha256, new Date(clock.now()))) ? run.dataset : null;
    });
    const path = dataset && (await archives.locate(institutionId, dataset.sha256));
    return dataset === null || path === null ? gone : { path, bytes: dataset.bytes };
  }

  /** Takes lines of progress; resent ones are ignored. No lines say that the run goes on, and ask whether it is to end. */
  async progress(
    token: string,
    runId: string,
    lines: readonly TrainingProgress[],
  ): Promise<{ readonly accepted: number; readonly cancel: boolean } | Failure> {
    const speaker = this.speakerOf(token);
    if (speaker?.runId !== runId) return noToken;
    return withEvents(this.deps, speaker.actor, async (news) => {
      const run = await this.lock(speaker);
      if (isFailure(run)) return run;
      const now = new Date(this.deps.clock.now());
      const known = await this.deps.runs.lastSequence(runId);
      const fresh = lines.filter(({ sequence }) => sequence > known);
      const accepted = await this.deps.runs.insertProgress(runId, lines, now);
      await this.hear(run, fresh, now, news);
      return { accepted, cancel: run.cancelledAt !== null };
    });
  }

  /** The run that a token speaks for; asked before anything is taken. */
  async runOf(token: string): Promise<TrainingRun | Failure> {
    const speaker = this.speakerOf(token);
    return speaker === null ? noToken : this.deps.unitOfWork.run(speaker.actor, () => this.lock(speaker));
  }

  /** The same for a package, which a run that somebody has cancelled brings no more. */
  async mayUpload(token: string): Promise<TrainingRun | Failure> {
    const run = await this.runOf(token);
    return isFailure(run) || run.cancelledAt === null ? run : fail('FORBIDDEN', 'A teacher has cancelled this run.');
  }

  /**
   * Takes the package of a run over. The same bytes again are the same model, and so are those that somebody brought into the
   * course by hand before.
   */
  async finish(token: string, sha256: string | null, path: string): Promise<ModelPackage | Failure> {
    const run = await this.mayUpload(token);
    if (isFailure(run)) return run;
    const { actor, digest } = this.speakerOf(token)!;
    const { id: runId, courseId } = run;
    const uploaded = await this.deps.upload.execute(actor, { id: runId, courseId, runId, path, sha256 });
    const model =
      isFailure(uploaded) && uploaded.code === 'TAKEN' ? await this.known(actor, courseId, sha256) : uploaded;
    if (model === null || isFailure(model)) return model ?? uploaded;
    await withEvents(this.deps, actor, async (news) => {
      const locked = await this.lock({ actor, runId, digest });
      if (isFailure(locked)) return;
      if (locked.state === 'done') return;
      const endedAt = new Date(this.deps.clock.now());
      const change = { state: 'done', modelId: model.id, stalledAt: null, endedAt } as const;
      await this.deps.runs.updateRun(runId, change);
      news.push(trainingChanged({ ...locked, ...change }));
    });
    return model;
  }

  private async known(actor: Actor, courseId: string, sha256: string | null): Promise<ModelPackage | null> {
    if (sha256 === null) return null;
    return this.deps.unitOfWork.run(actor, () => this.deps.models.findBySha256(courseId, sha256));
  }

  private planOf(
    { institutionId }: Actor,
    run: TrainingRun,
    { url, secret, lastLine }: { readonly url: string; readonly secret: string; readonly lastLine: number },
  ): TrainingPlan {
    const { id, name, task, engine, backbone, weights, abstainBelow, numbers, dataset } = run;
    const until = this.deps.clock.now() + runTimes.archive;
    const ticket = this.deps.tickets.close(`${institutionId} ${id} ${until}`);
    const plain = (uuid: string): string => uuid.replaceAll('-', '');
    return {
      schemaVersion: 1,
      run: { id, name },
      server: { url, token: `run_${plain(institutionId)}_${plain(id)}_${secret}`, secondsBetweenReports, lastLine },
      dataset: { url: `${url}/training/archives?ticket=${ticket}`, sha256: dataset!.sha256, bytes: dataset!.bytes },
      task,
      engine: engine as TrainingPlan['engine'],
      backbone,
      weights,
      abstainBelow,
      numbers,
    };
  }

  private speakerOf(token: string): Speaker | null {
    const parsed = parseCredential('run', token, this.deps.secrets);
    if (parsed === null) return null;
    return { actor: dangerousSystemActor(parsed.institutionId), runId: parsed.id, digest: parsed.digest };
  }

  private async lock({ runId, digest }: Speaker): Promise<TrainingRun | Failure> {
    const run = await this.deps.runs.lockRun(runId);
    const speaks = run !== null && isHeard(run) && (await this.deps.runs.hasToken(runId, digest));
    return speaks ? run : noToken;
  }

  private async hear(run: TrainingRun, fresh: readonly TrainingProgress[], now: Date, news: NewEvent[]): Promise<void> {
    if (run.state === 'done') return;
    const last = fresh.at(-1);
    // One that failed and was begun again told of both.
    const failed = last?.phase === 'failed' ? last : undefined;
    const isCancelled = run.cancelledAt !== null && (failed !== undefined || last?.phase === 'done');
    const end = isCancelled
      ? ({ state: 'cancelled', endedAt: now } as const)
      : failed !== undefined
        ? ({ state: 'failed', failure: failed.message ?? 'Training stopped with an error.', endedAt: now } as const)
        : ({ state: 'running', endedAt: null } as const);
    const change = { heardAt: now, stalledAt: null, ...end };
    await this.deps.runs.updateRun(run.id, change);
    if (end.state !== 'running') await this.deps.runs.setToken(run.id, null);
    if (end.state !== run.state || run.stalledAt !== null) news.push(trainingChanged({ ...run, ...change }));
    const isDue = run.heardAt === null || now.getTime() - run.heardAt.getTime() >= runTimes.told;
    if (last !== undefined && (isDue || end.state !== 'running')) news.push(trainingProgressed(run, last));
  }
}
