import { fail, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { ModelPackage, ModelTransition } from '../model/model-package.js';
import type { GateLine } from '../policy/gate-line.js';
import type { ModelRepository } from '../ports.js';
import { gatesOf } from './gates-of.js';

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

  /** What models that were read before have to show before they may judge; those not verified are left out. */
  async gatesOf(
    actor: Actor,
    models: readonly ModelPackage[],
  ): Promise<ReadonlyMap<ModelPackage, readonly GateLine[]>> {
    return this.unitOfWork.read(actor, () => gatesOf(this.models, models, new Date(this.clock.now())));
  }
}
