import type { Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Recommendation } from '../model/activity-view.js';
import { mayStand } from '../policy/choose-activity.js';
import { presentCatalogue, recommendationOf, type TutoringDependencies } from './dependencies.js';
import { noSuchSession, refuseWhoLeft } from './refusals.js';

/**
 * The recommendation that stands in a session; null when there is nothing to choose, or when what stands was meant for
 * another kind of session, one that a service opened or an ungraded one, or has been banned by a teacher: opening the session
 * again recommends another.
 */
export class NextActivity {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, sessionId: string): Promise<Recommendation | null | Failure> {
    const standing = await this.deps.store.findStanding(actor, sessionId);
    if (standing === null) return noSuchSession();
    const refusal = refuseWhoLeft(standing);
    if (refusal !== null) return refusal;
    const { decision, languages } = standing;
    if (decision === null) return null;
    const catalogue = await presentCatalogue(this.deps, actor, standing);
    if (!mayStand(catalogue, decision, standing)) return null;
    return recommendationOf(this.deps, actor, catalogue, decision, languages);
  }
}
