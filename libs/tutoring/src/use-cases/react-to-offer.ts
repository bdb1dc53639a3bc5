import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { OfferReaction } from '#libs/recommendation';
import type { ActivityView } from '../model/activity-view.js';
import { materialOf, type TutoringDependencies } from './dependencies.js';
import { refuseWhoLeft } from './refusals.js';

export interface ReactionNoted {
  readonly kind: 'reaction';
  readonly interventionId: string;
  readonly reaction: OfferReaction;
  /** The material, when it was accepted; null for a break. */
  readonly activity: ActivityView | null;
}

/** Notes that a learner took, dismissed or contested an offer of help. An offer takes one reaction. */
export class ReactToOffer {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(
    actor: Actor,
    input: { readonly interventionId: string; readonly reaction: OfferReaction; readonly at: number },
  ): Promise<ReactionNoted | Failure> {
    const { interventionId, reaction, at } = input;
    const now = new Date(this.deps.clock.now());
    const noted = { interventionId, reaction, deviceAt: new Date(at), now };
    const offered = await this.deps.store.react(actor, noted, (offer) => {
      if (offer.state === 'offered' || offer.state === reaction) return refuseWhoLeft(offer);
      return refuseWhoLeft(offer) ?? fail('OFFER_ANSWERED', `This offer was already ${offer.state}.`);
    });
    if (offered === null) return fail('NOT_FOUND', 'There is no such offer for you.');
    if (isFailure(offered)) return offered;
    if (reaction !== 'accepted') return { kind: 'reaction', interventionId, reaction, activity: null };
    const catalogue = await this.deps.catalogues.getCatalogue(actor, offered.courseId, 'latest');
    const activity = await materialOf(this.deps, actor, catalogue!, offered, offered.languages);
    return { kind: 'reaction', interventionId, reaction, activity };
  }
}
