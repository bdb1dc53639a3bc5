import type { ModelPackage } from '../model/model-package.js';
import type { GateLine } from '../policy/gate-line.js';
import { promotionGate } from '../policy/promotion-gate.js';
import type { ModelRepository } from '../ports.js';

/**
 * The lines of the gate for models, each beside the one that is active under its name; those that were not verified are
 * left out. Inside a unit of work.
 */
export async function gatesOf(
  models: ModelRepository,
  packages: readonly ModelPackage[],
  now: Date,
): Promise<ReadonlyMap<ModelPackage, readonly GateLine[]>> {
  const pointers = await models.findPointers([...new Set(packages.map(({ courseId }) => courseId))]);
  const activeBeside = ({ id, courseId, verified }: ModelPackage): string | null => {
    const found = pointers.find((pointer) => pointer.courseId === courseId && pointer.name === verified?.name);
    return found?.activeId === id ? null : (found?.activeId ?? null);
  };
  const pairs = packages.flatMap((model) => {
    const activeId = activeBeside(model);
    return activeId === null ? [] : [{ modelId: model.id, activeId }];
  });
  const comparisons = await models.compareJudgements(pairs);
  const steps = await models.listTransitions(packages.map(({ id }) => id));
  const gates = packages.flatMap((model) => {
    if (model.verified === null) return [];
    const { manifest, verification } = model.verified;
    const last = steps.findLast(({ modelId }) => modelId === model.id);
    const shadowSince = model.state === 'shadow' && last?.to === 'shadow' ? last.at : null;
    const comparison = comparisons.get(model.id) ?? null;
    return [[model, promotionGate({ manifest, verification, comparison, shadowSince, now })] as const];
  });
  return new Map(gates);
}
