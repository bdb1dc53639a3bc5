import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { reviewsAtOnce, type ReviewOutcome } from '#libs/grading';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';
import { reasonSchema } from './review.type.js';

@ObjectType('ReviewOutcome', { description: 'What became of one review of many.' })
export class ReviewOutcomeType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field({ description: 'True when it was sent before: nothing changed now.' })
  resent!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why it was refused; the catalogue is docs/error-codes.md. Null where it was done.',
  })
  code!: string | null;

  @Field(() => String, { nullable: true })
  message!: string | null;
}

@ObjectType('ReviewOutcomes')
export class ReviewOutcomesType {
  @Field(() => [ReviewOutcomeType], { description: 'In the order in which they were sent.' })
  outcomes!: readonly ReviewOutcomeType[];
}

@InputType({ description: 'A score that you let stand as it is.' })
export class ConfirmationInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical. The score gets this id.' })
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Uuid, { description: 'The score that you have seen; where another one stands by now, it is refused.' })
  scoreId!: string;
}

@InputType()
export class ConfirmReviewsInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => [ConfirmationInput], { description: `1 to ${reviewsAtOnce}.` })
  confirmations!: ConfirmationInput[];
}

@InputType({ description: 'A review that you take back.' })
export class WithdrawalInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical. The decision gets this id.' })
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Uuid, { description: 'The score that the review gave, which has to stand.' })
  reviewId!: string;
}

@InputType()
export class WithdrawReviewsInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => [WithdrawalInput], { description: `1 to ${reviewsAtOnce}.` })
  withdrawals!: WithdrawalInput[];

  @Field(() => String, { nullable: true, description: 'Kept for teachers.' })
  reason?: string | null;
}

const decision = { id: idSchema, submissionId: idSchema };

export const confirmReviewsSchema = z.strictObject({
  courseId: idSchema,
  confirmations: z
    .array(z.strictObject({ ...decision, scoreId: idSchema }))
    .min(1)
    .max(reviewsAtOnce),
});

export const withdrawReviewsSchema = z.strictObject({
  courseId: idSchema,
  withdrawals: z
    .array(z.strictObject({ ...decision, reviewId: idSchema }))
    .min(1)
    .max(reviewsAtOnce),
  reason: reasonSchema,
});

export const ConfirmReviewsResult = resultOf('ConfirmReviewsResult', ReviewOutcomesType);
export const WithdrawReviewsResult = resultOf('WithdrawReviewsResult', ReviewOutcomesType);

export function toReviewOutcomes(outcomes: readonly ReviewOutcome[]): ReviewOutcomesType {
  return {
    outcomes: outcomes.map(({ failure, ...outcome }) => ({
      ...outcome,
      code: failure?.code ?? null,
      message: failure?.message ?? null,
    })),
  };
}
