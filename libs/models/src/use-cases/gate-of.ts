import type { ModelPackage } from '../model/model-package.js';
import { promotionGate, type GateLine } from '../policy/promotion-gate.js';
import type { ModelRepository } from '../ports.js';

/** The lines of the gate for a verified model, beside the one that is active; inside a unit of work. */
export async function gateOf(
  models: ModelRepository,
  model: ModelPackage,
  activeId: string | null,
  now: Date,
): Promise<readonly GateLine[]> {
  const { manifest, verification } = model.verified!;
  const isBeside = activeId !== null && activeId !== model.id;
  const comparison = isBeside ? await models.compareJudgements(model.id, activeId) : null;
  const steps = await models.listTransitions([model.id]);
  const last = steps.at(-1);
  const shadowSince = model.state === 'shadow' && last?.to === 'shadow' ? last.at : null;
  return promotionGate({ manifest, verification, comparison, shadowSince, now });
}
