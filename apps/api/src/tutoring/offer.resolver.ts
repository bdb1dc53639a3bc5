import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/identity';
import { ReadOffer, type ExplainedOffer } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { OfferExplanationType } from './offer.type.js';

/** Why help was offered. */
@Resolver()
export class OfferResolver {
  constructor(private readonly read: ReadOffer) {}

  @Query(() => OfferExplanationType, {
    nullable: true,
    description:
      'An offer of help that was made to you, or to a learner of a course that you teach. What it says of her engagement is ' +
      'told to teachers if she has consented to that (engagement-sharing).',
  })
  async offer(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<ExplainedOffer | null> {
    return this.read.execute(actor, id);
  }
}
