import { fail, isFailure, type Failure } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { packageRefusals, refusePackage, type PackageRefusal } from '../model/package-refusal.js';
import type { ModelPackage } from '../model/model-package.js';
import type { PackageVerifier, VerifiedPackage } from '../ports.js';
import { recordTransition, type ModelDependencies } from './dependencies.js';

/** Has a package that came in looked into and run, and writes down what was found. */
export class VerifyModel {
  constructor(private readonly deps: ModelDependencies & { readonly verifier: PackageVerifier }) {}

  async execute(actor: Actor, id: string): Promise<ModelPackage | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Verification is done by the system.');
    const { unitOfWork, models, store, verifier } = this.deps;
    const found = await unitOfWork.run(actor, () => models.findModel(id));
    if (found === null) return fail('NOT_FOUND', 'There is no such model any more.');
    if (found.state !== 'uploaded') return found;
    const path = await store.locate(actor.institutionId, found.sha256);
    // Nothing is open in the database while the package is run.
    const outcome = path === null ? refusePackage('not-a-zip', 'the file is gone') : await verifier.verify(path);
    return this.settle(actor, id, outcome);
  }

  /** For a job that nobody could finish: the package is refused, if it still waits. */
  async giveUp(actor: Actor, id: string): Promise<ModelPackage | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Verification is done by the system.');
    return this.settle(actor, id, refusePackage('crashed'));
  }

  private async settle(
    actor: Actor,
    id: string,
    outcome: VerifiedPackage | PackageRefusal,
  ): Promise<ModelPackage | Failure> {
    const { models, store } = this.deps;
    const settled = await withEvents(this.deps, actor, async (news) => {
      const model = await models.lockModel(id);
      if (model === null) return fail('NOT_FOUND', 'There is no such model any more.');
      if (model.state !== 'uploaded') return model;
      const [next, reason] =
        outcome.kind === 'refused'
          ? ([await this.refuse(model, outcome), packageRefusals[outcome.reason]] as const)
          : ([await this.accept(model, outcome), 'Verified.'] as const);
      await recordTransition(this.deps, actor, { model: next, from: 'uploaded', reason }, news);
      return next;
    });
    if (!isFailure(settled) && settled.state === 'refused') {
      const isKept = await this.deps.unitOfWork.run(actor, () => models.isKept(settled.sha256));
      if (!isKept) await store.remove(actor.institutionId, settled.sha256);
    }
    return settled;
  }

  private async accept(model: ModelPackage, { manifest, verification }: VerifiedPackage): Promise<ModelPackage> {
    const { models } = this.deps;
    const { name, task } = manifest;
    await models.lockPointer(model.courseId, name);
    const version = await models.nextVersion(model.courseId, name);
    const verified = { name, version, task, manifest, verification };
    await models.setVerified(model.id, verified);
    return { ...model, state: 'verified', verified };
  }

  private async refuse(model: ModelPackage, refusal: PackageRefusal): Promise<ModelPackage> {
    await this.deps.models.setRefused(model.id, refusal);
    const { reason, detail } = refusal;
    return { ...model, state: 'refused', refusal: { reason, detail } };
  }
}
