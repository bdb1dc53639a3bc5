import { Field, Float, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { commentsAtMost, reviewCommentsSchema } from '#libs/grading';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { Json, Uuid } from '../graphql/scalars.js';
import { ScoreType, SubmissionType } from './submission.type.js';

export const SubmissionConnection = connectionTypeOf(SubmissionType);

@ObjectType('ReviewedSubmission')
export class ReviewedSubmissionType {
  @Field(() => ScoreType, { description: 'The score that stands now.' })
  score!: ScoreType;

  @Field(() => SubmissionType)
  submission!: SubmissionType;

  @Field({ description: 'True when this review was sent before: nothing changed now.' })
  resent!: boolean;
}

@InputType({ description: 'A criterion that you see otherwise.' })
export class CriterionOverrideInput {
  @Field()
  criterionId!: string;

  @Field(() => Float, { description: 'From 0 to the points that the criterion is worth.' })
  awarded!: number;
}

@InputType({ description: 'What you say of the work, to its learner.' })
export class ReviewCommentInput {
  @Field(() => String, { nullable: true, description: 'None where it is about the whole.' })
  criterionId?: string | null;

  @Field({ description: '1 to 2000 characters.' })
  text!: string;

  @Field(() => Json, { nullable: true, description: 'What you have drawn, as in ReviewComment.' })
  shape?: unknown;
}

@InputType()
export class ReviewSubmissionInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical. The score gets this id.' })
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => [CriterionOverrideInput], { nullable: true, description: 'None to confirm the score as it is.' })
  overrides?: CriterionOverrideInput[] | null;

  @Field(() => String, { nullable: true, description: 'Told to the learner; needed with an override.' })
  reason?: string | null;

  @Field(() => [ReviewCommentInput], { nullable: true, description: `At most ${commentsAtMost}.` })
  comments?: ReviewCommentInput[] | null;
}

/** A teacher’s words. */
export const reasonSchema = z.string().trim().min(1).max(2_000).nullable().default(null);

/** Without comments a review has the body that it had before there were any: a resend stays the same. */
export const reviewSubmissionSchema = z.strictObject({
  id: idSchema,
  submissionId: idSchema,
  overrides: z
    .array(z.strictObject({ criterionId: z.string().min(1).max(64), awarded: z.number() }))
    .max(100)
    .nullish()
    .transform((overrides) => overrides ?? []),
  reason: reasonSchema,
  comments: reviewCommentsSchema.nullish().transform((comments) => (comments?.length ? comments : undefined)),
});

export const ReviewSubmissionResult = resultOf('ReviewSubmissionResult', ReviewedSubmissionType);
