import { Field, InputType, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { regradeStates } from '#libs/grading';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('RegradeRequest', { description: 'A learner asks for a score to be looked at again.' })
export class RegradeRequestType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid, { description: 'The score that she asks about.' })
  scoreId!: string;

  @Field({ description: 'Her words.' })
  reason!: string;

  @Field({ description: oneOf(regradeStates) })
  state!: string;

  @Field(() => String, { nullable: true, description: 'Why it was declined.' })
  answer!: string | null;

  @Field(() => Uuid, { nullable: true, description: 'The review that answered it.' })
  answeringScoreId!: string | null;

  @Field()
  requestedAt!: Date;

  @Field(() => Date, { nullable: true })
  closedAt!: Date | null;
}

@InputType()
export class RequestRegradeInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Uuid, { description: 'The score that stands; each can be asked about once.' })
  scoreId!: string;

  @Field({ description: 'Why, in 1 to 2000 characters.' })
  reason!: string;
}

@InputType()
export class DeclineRegradeInput {
  @Field(() => Uuid)
  requestId!: string;

  @Field({ description: 'Told to the learner; 1 to 2000 characters.' })
  reason!: string;
}

const reason = z.string().trim().min(1).max(2_000);

export const requestRegradeSchema = z.strictObject({
  id: idSchema,
  submissionId: idSchema,
  scoreId: idSchema,
  reason,
});

export const declineRegradeSchema = z.strictObject({ requestId: idSchema, reason });

export const RequestRegradeResult = resultOf('RequestRegradeResult', RegradeRequestType);
export const DeclineRegradeResult = resultOf('DeclineRegradeResult', RegradeRequestType);
