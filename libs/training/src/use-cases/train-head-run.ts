import { fail, isFailure, type Digest, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import type { InferenceRuntime, ModelRepository, PackageStore, PictureReader, UploadModel } from '#libs/models';
import { backboneOf, classical, type Backbone } from '../head/backbone.js';
import { classicalBackbone } from '../head/classical/classical-embedding.js';
import { trainHead, type HeadExample, type HeadProgress } from '../head/train-head.js';
import { trainingChanged, trainingProgressed } from '../model/events.js';
import { datasetSchema, type TrainingProgress } from '../model/training-plan.js';
import type { TrainingRun } from '../model/training-run.js';
import { runTimes } from '../policy/run-state.js';
import type { PackageWriter } from '../runs.ports.js';
import { canBeGiven } from './prepare-anew.js';
import type { RunDependencies } from './run-dependencies.js';

export interface TrainHeadDependencies extends RunDependencies {
  readonly models: ModelRepository;
  readonly packages: PackageStore;
  readonly writer: PackageWriter;
  readonly upload: UploadModel;
  readonly runtime: InferenceRuntime;
  readonly pictures: PictureReader;
  readonly sha256: Digest;
}

/**
 * Trains the head of a run of the engine `node` on the frozen dataset, and registers the package. Begun again after a crash it
 * gives the same package, and so the same model.
 */
export class TrainHeadRun {
  constructor(private readonly deps: TrainHeadDependencies) {}

  async execute(actor: Actor, id: string): Promise<TrainingRun | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Heads are trained by the system.');
    const { unitOfWork, runs } = this.deps;
    const run = await unitOfWork.run(actor, () => runs.findRun(id));
    if (run === null) return fail('NOT_FOUND', 'There is no such run any more.');
    const { state, dataset } = run;
    if (state !== 'running' || dataset === null) return run;
    const isThere = await unitOfWork.run(actor, () => canBeGiven(this.deps, actor, dataset));
    return this.settle(actor, id, isThere ? await this.train(actor, run, dataset) : noDataset);
  }

  /** For a job that nobody could finish: the run fails, if it still goes on. */
  async giveUp(actor: Actor, id: string): Promise<TrainingRun | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Heads are trained by the system.');
    return this.settle(actor, id, fail('INTERNAL', 'Training did not come to an end. Start the run again.'));
  }

  /** Gives the id of the model. */
  private async train(
    actor: Actor,
    run: TrainingRun,
    dataset: NonNullable<TrainingRun['dataset']>,
  ): Promise<string | Failure> {
    const { runtime, pictures, sha256, writer, upload } = this.deps;
    const backbone = await this.backbone(actor, run);
    if (isFailure(backbone)) return backbone;
    const examples = await this.examples(actor, dataset.sha256);
    const { id, name, courseId, abstainBelow, numbers } = run;
    const plan = { id, runId: id, name, seed: numbers.seed, abstainBelow, card: dataset.card };
    const tools = { runtime, pictures, sha256: (bytes: Uint8Array) => sha256.of(bytes) };
    const cancel = new AbortController();
    const onProgress = this.teller(actor, run, cancel);
    const packed = await trainHead(examples, backbone, plan, tools, { signal: cancel.signal, onProgress });
    if (isFailure(packed)) return packed;
    const path = await writer.write(packed.files);
    try {
      const model = await upload.execute(actor, { id, courseId, runId: id, path, sha256: null });
      return isFailure(model) ? model : model.id;
    } finally {
      await writer.discard(path);
    }
  }

  private async backbone(actor: Actor, { backbone, courseId }: TrainingRun): Promise<Backbone | Failure> {
    if (backbone === classicalBackbone) return classical();
    const { unitOfWork, models, packages } = this.deps;
    const model = await unitOfWork.run(actor, () => models.findModel(backbone));
    if (model?.courseId !== courseId || model.verified === null) {
      return fail('NOT_FOUND', `The course has no verified model ${backbone} to put a head on.`);
    }
    const { manifest } = model.verified;
    const files = await packages.read(actor.institutionId, model.sha256, [manifest.entry]);
    return backboneOf(manifest, model.sha256, files.get(manifest.entry)!);
  }

  /** All splits together: what is measured is measured across folds. */
  private async examples({ institutionId }: Actor, sha256: string): Promise<HeadExample[]> {
    const { archives } = this.deps;
    const head = await archives.read(institutionId, sha256, ['dataset.json']);
    const { items } = datasetSchema.parse(JSON.parse(new TextDecoder().decode(head.get('dataset.json'))));
    const paths = items.map(({ path }) => path);
    const files = await archives.read(institutionId, sha256, paths);
    return items.map(({ path, label, group, attributes }) => ({
      picture: files.get(path)!,
      label: label!,
      group,
      attributes,
    }));
  }

  /** Keeps lines of progress and tells the teachers, now and then; aborts when somebody has cancelled the run. */
  private teller(actor: Actor, run: TrainingRun, cancel: AbortController): (progress: HeadProgress) => Promise<void> {
    let last = -Infinity;
    let told = -Infinity;
    return async (progress) => {
      const now = this.deps.clock.now();
      if (progress.phase === 'describing' && now - last < 500) return;
      last = now;
      const isTold = now - told >= runTimes.told;
      if (isTold) told = now;
      await withEvents(this.deps, actor, async (news) => {
        const { runs } = this.deps;
        const present = await runs.lockRun(run.id);
        if (present === null || present.cancelledAt !== null) return cancel.abort();
        const line = lineOf(progress, (await runs.lastSequence(run.id)) + 1, now);
        await runs.insertProgress(run.id, [line], new Date(now));
        await runs.updateRun(run.id, { heardAt: new Date(now), stalledAt: null });
        if (present.stalledAt !== null) news.push(trainingChanged({ ...present, stalledAt: null }));
        if (isTold) news.push(trainingProgressed(run, line));
      });
    };
  }

  private settle(actor: Actor, id: string, outcome: string | Failure): Promise<TrainingRun | Failure> {
    const { runs, clock } = this.deps;
    return withEvents(this.deps, actor, async (news) => {
      const run = await runs.lockRun(id);
      if (run === null) return fail('NOT_FOUND', 'There is no such run any more.');
      if (run.state !== 'running') return run;
      const endedAt = new Date(clock.now());
      const change = !isFailure(outcome)
        ? ({ state: 'done', modelId: outcome, endedAt } as const)
        : run.cancelledAt !== null
          ? ({ state: 'cancelled', endedAt } as const)
          : ({ state: 'failed', failure: outcome.message, endedAt } as const);
      const next = { ...run, ...change, stalledAt: null };
      await runs.updateRun(id, { ...change, stalledAt: null });
      news.push(trainingChanged(next));
      return next;
    });
  }
}

const noDataset = fail(
  'NOT_FOUND',
  'The frozen dataset is not here any more, or a learner has withdrawn consent to it. Start the run again.',
);

function lineOf(progress: HeadProgress, sequence: number, now: number): TrainingProgress {
  const line = { sequence, at: new Date(now).toISOString() };
  switch (progress.phase) {
    case 'describing':
      return { ...line, phase: 'preparing', epoch: progress.done, epochs: progress.of, metrics: {} };
    case 'measuring': {
      const { fold: epoch, folds: epochs, accuracy: validationAccuracy } = progress;
      return { ...line, phase: 'evaluating', epoch, epochs, metrics: { validationAccuracy } };
    }
    case 'packing':
      return { ...line, phase: 'exporting', epoch: 1, epochs: 1, metrics: {} };
  }
}
