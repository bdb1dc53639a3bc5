import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/identity';
import { ReadDecision } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { DecisionType, toCounterfactual } from './decision.type.js';

/** Why an activity was recommended. */
@Resolver()
export class DecisionResolver {
  constructor(private readonly read: ReadDecision) {}

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
