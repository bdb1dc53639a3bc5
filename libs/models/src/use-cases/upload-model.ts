import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import type { ModelPackage } from '../model/model-package.js';
import { recordTransition, type ModelDependencies } from './dependencies.js';

/** A package as it came in; `id` is made by the caller. */
export interface ModelUpload {
  readonly id: string;
  readonly courseId: string;
  readonly runId: string | null;
  /** The zip on this machine; it is taken over. */
  readonly path: string;
  /** What was announced of it; null where nothing was. */
  readonly sha256: string | null;
}

/** Takes a package in, and has it verified. The same id with the same bytes is the same upload. */
export class UploadModel {
  constructor(private readonly deps: ModelDependencies) {}

  /** Whether the actor may bring models into a course: asked before the first byte is taken. */
  async mayUpload(actor: Actor, courseId: string): Promise<Failure | null> {
    return this.deps.unitOfWork.run(actor, () => demandTeaching(this.deps.access, actor, courseId));
  }

  async execute(actor: Actor, { path, sha256, ...input }: ModelUpload): Promise<ModelPackage | Failure> {
    const { store, clock } = this.deps;
    const refused = await this.mayUpload(actor, input.courseId);
    if (refused !== null) return refused;
    const kept = await store.keep(actor.institutionId, path);
    if (isFailure(kept)) return kept;
    if (sha256 !== null && sha256 !== kept.sha256) return this.notAnnounced(actor, kept.sha256);
    const model: ModelPackage = {
      ...input,
      ...kept,
      state: 'uploaded',
      uploadedAt: new Date(clock.now()),
      verified: null,
      refusal: null,
    };
    return withEvents(this.deps, actor, async (news) => {
      const { models, queue } = this.deps;
      if (!(await models.insertModel(model))) return this.again(model);
      await recordTransition(this.deps, actor, { model, from: null, reason: 'Uploaded.' }, news);
      await queue.enqueueVerification(model.id);
      return model;
    });
  }

  /** Nothing of it stays, unless the same bytes came in by themselves. */
  private async notAnnounced(actor: Actor, sha256: string): Promise<Failure> {
    const { unitOfWork, models, store } = this.deps;
    if (!(await unitOfWork.run(actor, () => models.isKept(sha256)))) await store.remove(actor.institutionId, sha256);
    return fail('INVALID_INPUT', 'What arrived has another SHA-256 than was announced. Send the package again.');
  }

  private async again(model: ModelPackage): Promise<ModelPackage | Failure> {
    const { models } = this.deps;
    const same = await models.findModel(model.id);
    if (same !== null) {
      return same.sha256 === model.sha256 && same.courseId === model.courseId ? same : fail('ID_REUSED');
    }
    const other = await models.findBySha256(model.courseId, model.sha256);
    return fail('TAKEN', `The course has this package already, as model ${other?.id ?? 'of another id'}.`);
  }
}
