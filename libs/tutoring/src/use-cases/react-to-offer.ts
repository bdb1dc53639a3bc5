import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityView } from '../model/activity-view.js';
import { viewOf, type TutoringDependencies } from './dependencies.js';

export interface ReactionNoted {
  readonly kind: 'reaction';
  readonly interventionId: string;
  readonly reaction: 'accepted' | 'dismissed';
  /** The material, when it was accepted. */
  readonly activity: ActivityView | null;
}

/** Notes that a learner took or dismissed an offer of help. */
export class ReactToOffer {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(
    actor: Actor,
    input: { readonly interventionId: string; readonly reaction: 'accepted' | 'dismissed' },
  ): Promise<ReactionNoted | Failure> {
    const { interventionId, reaction } = input;
    const now = new Date(this.deps.clock.now());
    const offered = await this.deps.store.react(actor, interventionId, reaction, now);
    if (isFailure(offered)) return offered;
    if (reaction === 'dismissed') return { kind: 'reaction', interventionId, reaction, activity: null };
    const catalogue = await this.deps.catalogues.getCatalogue(actor, offered.courseId, 'latest');
    const activity = await viewOf(this.deps, actor, catalogue!, offered, []);
    return { kind: 'reaction', interventionId, reaction, activity };
  }
}
