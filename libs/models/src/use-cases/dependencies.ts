import type { NewEvent } from '#libs/kernel';
import type { Actor, AuditLog, TellingDependencies } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { ModelPackage, ModelState } from '../model/model-package.js';
import { modelChanged } from '../model/events.js';
import type { ModelQueue, ModelRepository, PackageStore } from '../ports.js';

/** What the life of a model takes, from upload to retirement. */
export interface ModelDependencies extends TellingDependencies {
  readonly access: CourseAccess;
  readonly models: ModelRepository;
  readonly store: PackageStore;
  readonly queue: ModelQueue;
  readonly audit: AuditLog;
}

/** A step to the state that the model has now. */
interface Step {
  readonly model: ModelPackage;
  readonly from: ModelState | null;
  readonly reason: string;
  /** Whether the teachers hear the reason: where nobody decided who could tell them. */
  readonly isTold?: boolean;
}

/** Writes down that a model went on to another state, for the record, the audit and the teachers. */
export async function recordTransition(
  { models, audit, clock }: Pick<ModelDependencies, 'models' | 'audit' | 'clock'>,
  actor: Actor,
  { model, from, reason, isTold = false }: Step,
  news: NewEvent[],
): Promise<void> {
  const { id: modelId, state: to } = model;
  const at = new Date(clock.now());
  await models.insertTransition({ modelId, from, to, actor: actor.pseudonym, reason, at });
  const details = { from, ...(isTold && { reason }) };
  await audit.record(actor, { action: `model.${to}`, objectKind: 'model', objectId: modelId, details });
  news.push(modelChanged(model, to, isTold ? reason : null));
}

/** Moves a model to another state and writes that down. @returns the model as it is then */
export async function moveTo(
  deps: Pick<ModelDependencies, 'models' | 'audit' | 'clock'>,
  actor: Actor,
  { model, to, ...why }: Omit<Step, 'from'> & { readonly to: ModelState },
  news: NewEvent[],
): Promise<ModelPackage> {
  await deps.models.setState(model.id, to);
  const moved = { ...model, state: to };
  await recordTransition(deps, actor, { model: moved, from: model.state, ...why }, news);
  return moved;
}
