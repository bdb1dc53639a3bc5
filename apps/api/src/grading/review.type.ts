import { Field, Float, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';
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
}

/** A teacher’s words. */
export const reasonSchema = z.string().trim().min(1).max(2_000).nullable().default(null);

export const reviewSubmissionSchema = z.strictObject({
  id: idSchema,
  submissionId: idSchema,
  overrides: z
    .array(z.strictObject({ criterionId: z.string().min(1).max(64), awarded: z.number() }))
    .max(100)
    .nullish()
    .transform((overrides) => overrides ?? []),
  reason: reasonSchema,
});

export const ReviewSubmissionResult = resultOf('ReviewSubmissionResult', ReviewedSubmissionType);
