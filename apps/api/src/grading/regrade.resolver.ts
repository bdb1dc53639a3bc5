import { Args, Context, Mutation, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { ReadSubmission, RequestRegrade, type RegradeRequest, type SubmissionView } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { loaderOf } from '../graphql/loader.js';
import { parseInput } from '../request/input.js';
import {
  DeclineRegradeInput,
  DeclineRegradeResult,
  declineRegradeSchema,
  RegradeRequestType,
  RequestRegradeInput,
  RequestRegradeResult,
  requestRegradeSchema,
} from './regrade.type.js';
import type { SubmissionNode } from './submission.node.js';
import { SubmissionType } from './submission.type.js';

/** Asking for a score to be looked at again. */
@Resolver(() => SubmissionType)
export class RegradeResolver {
  constructor(
    private readonly regrade: RequestRegrade,
    private readonly read: ReadSubmission,
  ) {}

  @Mutation(() => RequestRegradeResult, {
    description: 'Asks the teacher to look at a score of yours again. It comes to her queue.',
  })
  async requestRegrade(
    @CurrentActor() actor: Actor,
    @Args('input') input: RequestRegradeInput,
  ): Promise<RegradeRequest | Failure> {
    const parsed = parseInput(requestRegradeSchema, input);
    return isFailure(parsed) ? parsed : this.regrade.execute(actor, parsed);
  }

  @Mutation(() => DeclineRegradeResult, {
    description:
      'Lets a score stand that a learner has asked about, for a reason. A review of the work answers her, too. For teachers.',
  })
  async declineRegrade(
    @CurrentActor() actor: Actor,
    @Args('input') input: DeclineRegradeInput,
  ): Promise<RegradeRequest | Failure> {
    const parsed = parseInput(declineRegradeSchema, input);
    return isFailure(parsed) ? parsed : this.regrade.decline(actor, parsed);
  }

  @ResolveField(() => [RegradeRequestType], {
    description: 'What its learner has asked for about its scores, the earliest first.',
  })
  async regradeRequests(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<readonly RegradeRequest[]> {
    const requests = loaderOf(context, 'regrade requests of submission', (views: readonly SubmissionView[]) =>
      this.read.regradesOf(actor, views),
    );
    return (await requests.load(node.view)) ?? [];
  }
}
