import { Args, Int, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { fail } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ReadDecision, type Alternative } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { orThrow } from '../request/failure.js';
import { AlternativeType, RecommendationType } from './tutoring.type.js';

/** Alternatives that may be asked for: the policy weighs no more than its shortlist. */
const mostAlternatives = 10;

/** What else a learner could do next. */
@Resolver(() => RecommendationType)
export class RecommendationResolver {
  constructor(private readonly read: ReadDecision) {}

  @ResolveField(() => [AlternativeType], {
    description:
      'What else there was to choose from, the most probable first, for an app that lets the learner decide: any of them ' +
      'may be answered in place of the recommendation.',
  })
  async alternatives(
    @CurrentActor() actor: Actor,
    @Parent() { decisionId }: RecommendationType,
    @Args('first', { type: () => Int, defaultValue: 3, description: `0 to ${mostAlternatives}.` }) first: number,
  ): Promise<readonly Alternative[]> {
    if (first < 0 || first > mostAlternatives) {
      return orThrow<never>(fail('INVALID_INPUT', `Ask for 0 to ${mostAlternatives} alternatives.`));
    }
    return first === 0 ? [] : this.read.alternatives(actor, decisionId, first);
  }
}
