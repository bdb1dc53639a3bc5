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

/** Writes down that a model went on to another state, for the record, the audit and the teachers. */
export async function recordTransition(
  { models, audit, clock }: ModelDependencies,
  actor: Actor,
  step: { readonly model: ModelPackage; readonly from: ModelState | null; readonly reason: string },
  news: NewEvent[],
): Promise<void> {
  const { model, from, reason } = step;
  const { id: modelId, state: to } = model;
  const at = new Date(clock.now());
  await models.insertTransition({ modelId, from, to, actor: actor.pseudonym, reason, at });
  await audit.record(actor, { action: `model.${to}`, objectKind: 'model', objectId: modelId, details: { from } });
  news.push(modelChanged(model, to));
}
