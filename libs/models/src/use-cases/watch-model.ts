import { fail, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor, type AuditLog, type TellingDependencies } from '#libs/identity';
import { tookItsPlace, type ModelPackage, type ModelPointer, type ModelTransition } from '../model/model-package.js';
import type { GateLine } from '../policy/gate-line.js';
import { driftLine, driftNumbers } from '../policy/live-drift.js';
import type { ModelRepository } from '../ports.js';
import { moveTo } from './dependencies.js';
import { gatesOf } from './gates-of.js';

export interface WatchModelDependencies extends TellingDependencies {
  readonly models: ModelRepository;
  readonly audit: AuditLog;
}

/**
 * Demotes an active model with which teachers surely agree less often than it must be asked of it. The version that it
 * replaced comes back if it would pass its gate today; else no model judges under this name, and work goes to the teacher.
 * Done by several at once, or twice, it has one effect.
 */
export class WatchModel {
  constructor(private readonly deps: WatchModelDependencies) {}

  async execute(actor: Actor, id: string): Promise<ModelPackage | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Models are watched by the system.');
    const { unitOfWork, models } = this.deps;
    const seen = await unitOfWork.read(actor, async () => {
      const model = await models.findModel(id);
      return model && { model, drift: await this.drift(model) };
    });
    if (seen === null) return fail('NOT_FOUND', 'There is no such model any more.');
    // Who moves models of this name waits only where there is something to do.
    if (seen.drift === null) return seen.model;
    return withEvents(this.deps, actor, async (news) => {
      const pointer = await models.lockPointer(seen.model.courseId, seen.model.verified!.name);
      const model = (await models.lockModel(id))!;
      const drift = await this.drift(model);
      return drift === null ? model : this.demote(actor, model, pointer, drift, news);
    });
  }

  /** Nothing is lost: the next review has the model looked at again. */
  giveUp(): Promise<void> {
    return Promise.resolve();
  }

  /** The line that an active model misses; null where it misses none. */
  private async drift(model: ModelPackage): Promise<GateLine | null> {
    if (model.state !== 'active') return null;
    const line = await this.liveLine(model, await this.deps.models.listTransitions([model.id]));
    return line?.isMet === false ? line : null;
  }

  /** By what was settled since the model became active the last time. */
  private async liveLine({ id, verified }: ModelPackage, steps: readonly ModelTransition[]): Promise<GateLine | null> {
    const since = steps.findLast(({ to }) => to === 'active')?.at;
    if (verified === null || since === undefined) return null;
    return driftLine(verified.manifest, await this.deps.models.agreementSince(id, since, driftNumbers.window));
  }

  private async demote(
    actor: Actor,
    model: ModelPackage,
    pointer: ModelPointer,
    { name, required, measured }: GateLine,
    news: NewEvent[],
  ): Promise<ModelPackage> {
    const { models } = this.deps;
    const demoted = { ...pointer, activeId: null, previousId: model.id };
    await models.savePointer(demoted);
    const reason = `Demoted by itself: ${name}: ${required}; measured: ${measured}.`;
    const shadow = await moveTo(this.deps, actor, { model, to: 'shadow', reason, isTold: true }, news);
    const before = await this.mayComeBack(model, pointer);
    if (before !== null) {
      await models.savePointer({ ...demoted, activeId: before.id });
      const back = `Version ${model.verified!.version}, which had taken its place, was demoted.`;
      await moveTo(this.deps, actor, { model: before, to: 'active', reason: back, isTold: true }, news);
    }
    return shadow;
  }

  /**
   * The version before, if this very model has replaced it (a later one was rolled back by people, a retired one was retired by
   * them), if it meets its gate, and if teachers agreed with it while it judged. To be asked when nothing is active.
   */
  private async mayComeBack(model: ModelPackage, { previousId }: ModelPointer): Promise<ModelPackage | null> {
    const { models, clock } = this.deps;
    const before = previousId === null ? null : await models.lockModel(previousId);
    if (before?.state !== 'retired' || before.verified === null) return null;
    const steps = await models.listTransitions([before.id]);
    const isReplaced = steps.at(-1)?.reason === tookItsPlace(model);
    if (!isReplaced || before.verified.version > model.verified!.version) return null;
    const gate = (await gatesOf(models, [before], new Date(clock.now()))).get(before) ?? [];
    const live = await this.liveLine(before, steps);
    return [...gate, ...(live === null ? [] : [live])].every(({ isMet }) => isMet) ? before : null;
  }
}
