import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Recommendation } from '../model/activity-view.js';
import { presentCatalogue, recommendationOf, type TutoringDependencies } from './dependencies.js';

/** The recommendation that stands in a session; null when there is nothing to choose. */
export class NextActivity {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(
    actor: Actor,
    sessionId: string,
    languages: readonly string[],
  ): Promise<Recommendation | null | Failure> {
    const standing = await this.deps.store.standing(actor, sessionId);
    if (isFailure(standing)) return standing;
    const catalogue = await presentCatalogue(this.deps, actor, standing);
    return recommendationOf(this.deps, actor, catalogue, standing.decision, languages);
  }
}
