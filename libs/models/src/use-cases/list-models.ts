import { fail, isFailure, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { ModelPackage, ModelTransition } from '../model/model-package.js';
import type { GateLine } from '../policy/promotion-gate.js';
import type { ModelRepository } from '../ports.js';
import { gateOf } from './gate-of.js';

/** What teachers see of the models of their courses. */
export class ListModels {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly models: ModelRepository,
    private readonly clock: Clock,
  ) {}

  async list(
    actor: Actor,
    courseId: string,
    name: string | null,
    page: PageRequest<TimeKey>,
  ): Promise<Page<ModelPackage> | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const refused = await demandTeaching(this.access, actor, courseId);
      return refused ?? this.models.listModels(courseId, name, page);
    });
  }

  async one(actor: Actor, id: string): Promise<ModelPackage | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const model = await this.models.findModel(id);
      const refused = model && (await demandTeaching(this.access, actor, model.courseId));
      if (model === null || refused?.code === 'NOT_FOUND') return fail('NOT_FOUND', 'There is no such model for you.');
      return refused ?? model;
    });
  }

  /** The lives of models that were read before, each in order. */
  async transitionsOf(
    actor: Actor,
    models: readonly ModelPackage[],
  ): Promise<ReadonlyMap<ModelPackage, readonly ModelTransition[]>> {
    const found = await this.unitOfWork.read(actor, () => this.models.listTransitions(models.map(({ id }) => id)));
    return new Map(models.map((model) => [model, found.filter(({ modelId }) => modelId === model.id)]));
  }

  /** What a model that was read before has to show before it may judge; null where it was not verified. */
  async gateOf(actor: Actor, model: ModelPackage): Promise<readonly GateLine[] | null> {
    const { verified } = model;
    if (verified === null) return null;
    const lines = await this.unitOfWork.read(actor, async () => {
      const pointers = await this.models.findPointers(model.courseId);
      const pointer = pointers.find(({ name }) => name === verified.name);
      return gateOf(this.models, model, pointer?.activeId ?? null, new Date(this.clock.now()));
    });
    return isFailure(lines) ? null : lines;
  }
}
