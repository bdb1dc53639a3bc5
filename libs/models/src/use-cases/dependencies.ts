import type { Clock, EventLog, EventPublisher, NewEvent, StreamedEvent } from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { ModelPackage, ModelState } from '../model/model-package.js';
import { modelChanged } from '../model/events.js';
import type { ModelQueue, ModelRepository, PackageStore } from '../ports.js';

/** What the life of a model takes, from upload to retirement. */
export interface ModelDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly models: ModelRepository;
  readonly store: PackageStore;
  readonly queue: ModelQueue;
  readonly audit: AuditLog;
  readonly events: EventLog;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
}

/** Runs work in a transaction, numbers its events as the last thing in it, and tells them after the commit. */
export async function withEvents<T>(
  { unitOfWork, events, publisher, clock }: ModelDependencies,
  actor: Actor,
  work: (news: NewEvent[]) => Promise<T>,
): Promise<T> {
  let told: StreamedEvent[] = [];
  const outcome = await unitOfWork.run(actor, async () => {
    const news: NewEvent[] = [];
    const value = await work(news);
    if (news.length > 0) told = await events.append(news, new Date(clock.now()));
    return value;
  });
  publisher.publish(told);
  return outcome;
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
