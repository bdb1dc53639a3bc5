import { Args, Mutation, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { ConfirmReviews, WithdrawReviews } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { parseInput } from '../request/input.js';
import {
  ConfirmReviewsInput,
  ConfirmReviewsResult,
  confirmReviewsSchema,
  toReviewOutcomes,
  WithdrawReviewsInput,
  WithdrawReviewsResult,
  withdrawReviewsSchema,
  type ReviewOutcomesType,
} from './bulk-review.type.js';

/** Settling many scores at once, and taking reviews back. */
@Resolver()
export class BulkReviewResolver {
  constructor(
    private readonly confirm: ConfirmReviews,
    private readonly withdraw: WithdrawReviews,
  ) {}

  @Mutation(() => ConfirmReviewsResult, {
    description: 'Settles many scores as they are; each has an outcome of its own. For teachers.',
  })
  async confirmReviews(
    @CurrentActor() actor: Actor,
    @Args('input') input: ConfirmReviewsInput,
  ): Promise<ReviewOutcomesType | Failure> {
    const parsed = parseInput(confirmReviewsSchema, input);
    if (isFailure(parsed)) return parsed;
    const outcomes = await this.confirm.execute(actor, parsed);
    return isFailure(outcomes) ? outcomes : toReviewOutcomes(outcomes);
  }

  @Mutation(() => WithdrawReviewsResult, {
    description:
      'Takes reviews back, one or many: the scores before them stand again, and work that counts awaits you again. Each has an outcome of its own. For teachers.',
  })
  async withdrawReviews(
    @CurrentActor() actor: Actor,
    @Args('input') input: WithdrawReviewsInput,
  ): Promise<ReviewOutcomesType | Failure> {
    const parsed = parseInput(withdrawReviewsSchema, input);
    if (isFailure(parsed)) return parsed;
    const outcomes = await this.withdraw.execute(actor, parsed);
    return isFailure(outcomes) ? outcomes : toReviewOutcomes(outcomes);
  }
}
