import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('DecisionTerm', { description: 'A named part of the utility of what was recommended.' })
export class DecisionTermType {
  @Field()
  name!: string;

  @Field(() => Float)
  value!: number;
}

@ObjectType('Decision', { description: 'A recommendation that was made, and why.' })
export class DecisionType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  learnerId!: string;

  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int)
  activityVersion!: number;

  @Field()
  policyName!: string;

  @Field(() => Int)
  policyVersion!: number;

  @Field(() => Float, { description: 'Probability with which the policy chose this activity.' })
  probability!: number;

  @Field(() => [DecisionTermType], { description: 'Their sum is the utility.' })
  terms!: readonly DecisionTermType[];

  @Field({ description: 'One sentence: for the learner what she can do now, for a teacher the numbers that decided.' })
  because!: string;

  @Field()
  decidedAt!: Date;
}
