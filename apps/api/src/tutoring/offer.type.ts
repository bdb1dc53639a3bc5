import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { interventionStates } from '#libs/tutoring';
import { interventionTriggers } from '#libs/recommendation';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { DecisionTermType } from './decision.type.js';

@ObjectType('OfferExplanation', { description: 'An offer that was made, and why.' })
export class OfferExplanationType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => String, {
    nullable: true,
    description: `${oneOf(interventionTriggers)} Null for teachers with whom the learner does not share her engagement.`,
  })
  trigger!: string | null;

  @Field(() => Uuid, { nullable: true, description: 'Null for a break, and where it would say what is not shared.' })
  activityId!: string | null;

  @Field(() => Float, { nullable: true, description: 'Length of a break.' })
  breakMinutes!: number | null;

  @Field({ description: oneOf(interventionStates) })
  state!: string;

  @Field(() => String, { nullable: true })
  policyName!: string | null;

  @Field(() => Int, { nullable: true })
  policyVersion!: number | null;

  @Field(() => Float, { nullable: true, description: 'Probability with which it was drawn.' })
  probability!: number | null;

  @Field(() => [DecisionTermType], { description: 'Parts of its utility that are not 0, largest first.' })
  terms!: readonly DecisionTermType[];

  @Field({ description: 'Why, in words: for the learner, or for a teacher without what the learner does not share.' })
  because!: string;

  @Field()
  offeredAt!: Date;
}
