import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/identity';
import { ReadDecision, ReadOffer, type ExplainedOffer } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { OfferExplanationType } from './offer.type.js';
import { DecisionType, toCounterfactual } from './decision.type.js';

/** Why an activity was recommended, or help offered. */
@Resolver()
export class DecisionResolver {
  constructor(
    private readonly read: ReadDecision,
    private readonly offers: ReadOffer,
  ) {}

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
    return this.offers.execute(actor, id);
  }

  @Query(() => DecisionType, {
    nullable: true,
    description: 'A recommendation that was made to you, or to a learner of a course that you teach.',
  })
  async decision(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<DecisionType | null> {
    const found = await this.read.execute(actor, id);
    return found && { ...found, counterfactual: found.counterfactual && toCounterfactual(found.counterfactual) };
  }
}
