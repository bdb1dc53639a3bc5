import { fail, type Failure, type NewEvent } from '#libs/kernel';
import { withEvents, type Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import {
  modelMoves,
  tookItsPlace,
  type ModelPackage,
  type ModelPointer,
  type ModelState,
} from '../model/model-package.js';
import { moveTo, type ModelDependencies } from './dependencies.js';
import { gatesOf } from './gates-of.js';

export interface ModelMove {
  readonly id: string;
  readonly to: ModelState;
  /** For the record. */
  readonly reason: string;
}

/** Teachers let a model stand for election, run in shadow, judge, and retire. No model becomes active by itself. */
export class MoveModel {
  constructor(private readonly deps: ModelDependencies) {}

  /** Moves a model on. Where it is already there, nothing changes. */
  async move(actor: Actor, { id, to, reason }: ModelMove): Promise<ModelPackage | Failure> {
    const { models, access, clock } = this.deps;
    return withEvents(this.deps, actor, async (news): Promise<ModelPackage | Failure> => {
      const seen = await models.findModel(id);
      const refused = seen && (await demandTeaching(access, actor, seen.courseId));
      if (seen === null || refused?.code === 'NOT_FOUND') return fail('NOT_FOUND', 'There is no such model for you.');
      if (refused) return refused;
      if (seen.verified === null) return wrongState(seen, to);
      // The pointer comes first: whoever moves models of one name waits for the other here.
      const pointer = await models.lockPointer(seen.courseId, seen.verified.name);
      const model = (await models.lockModel(id))!;
      if (model.state === to) return model;
      if (!modelMoves[model.state].includes(to)) return wrongState(model, to);
      if (to === 'active') {
        const lines = (await gatesOf(models, [model], new Date(clock.now()))).get(model)!;
        const missed = lines.filter(({ isMet }) => !isMet);
        if (missed.length > 0) return gateNotMet(missed);
        return this.activate(actor, model, pointer, reason, news);
      }
      if (model.state === 'active') await models.savePointer({ ...pointer, activeId: null, previousId: model.id });
      return moveTo(this.deps, actor, { model, to, reason }, news);
    });
  }

  /** Makes the package active again that was so before; the one that is active now is retired. */
  async rollBack(
    actor: Actor,
    { courseId, name, reason }: { readonly courseId: string; readonly name: string; readonly reason: string },
  ): Promise<ModelPackage | Failure> {
    const { models, access } = this.deps;
    return withEvents(this.deps, actor, async (news): Promise<ModelPackage | Failure> => {
      const refused = await demandTeaching(access, actor, courseId);
      if (refused !== null) return refused;
      const known = (await models.findPointers([courseId])).some((pointer) => pointer.name === name);
      if (!known) return fail('NOT_FOUND', 'The course has no model of this name.');
      const pointer = await models.lockPointer(courseId, name);
      const previous = pointer.previousId === null ? null : await models.lockModel(pointer.previousId);
      if (previous === null) return fail('WRONG_STATE', 'No other model of this name was active before.');
      return this.activate(actor, previous, pointer, reason, news);
    });
  }

  private async activate(
    actor: Actor,
    model: ModelPackage,
    pointer: ModelPointer,
    reason: string,
    news: NewEvent[],
  ): Promise<ModelPackage> {
    const { models } = this.deps;
    const before = pointer.activeId === null ? null : await models.lockModel(pointer.activeId);
    if (before !== null) {
      await moveTo(this.deps, actor, { model: before, to: 'retired', reason: tookItsPlace(model) }, news);
    }
    const previousId = before?.id ?? (pointer.previousId === model.id ? null : pointer.previousId);
    await models.savePointer({ ...pointer, activeId: model.id, previousId });
    return moveTo(this.deps, actor, { model, to: 'active', reason }, news);
  }
}

function wrongState({ state }: ModelPackage, to: ModelState): Failure {
  const possible = modelMoves[state];
  const hint = possible.length === 0 ? 'nowhere' : `to ${possible.join(', ')}`;
  return fail('WRONG_STATE', `A model that is ${state} cannot become ${to}; it can go ${hint}.`);
}

function gateNotMet(
  missed: readonly { readonly name: string; readonly required: string; readonly measured: string | null }[],
): Failure {
  const issues = missed.map(({ name, required, measured }) => ({
    path: name,
    message: `${required}; measured: ${measured ?? 'nothing'}`,
  }));
  const [first] = issues;
  return fail('GATE_NOT_MET', `The model does not show what it has to. ${first!.path}: ${first!.message}.`, { issues });
}
