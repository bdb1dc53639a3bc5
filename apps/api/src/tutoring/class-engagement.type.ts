import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { engagementLabels, leastGroup } from '#libs/engagement';
import { oneOf } from '../graphql/one-of.js';

@ObjectType({ description: 'A part of a class.' })
export class EngagementShare {
  @Field({ description: oneOf(engagementLabels) })
  label!: string;

  @Field(() => Float, { description: 'Of those who did anything, in tenths.' })
  share!: number;
}

@ObjectType({ description: 'How a class was last seen in five minutes.' })
export class ClassPeriod {
  @Field(() => Date, { description: 'When they begin.' })
  at!: Date;

  @Field(() => Int, { nullable: true, description: `Who did anything; null where they are fewer than ${leastGroup}.` })
  learners!: number | null;

  @Field(() => [EngagementShare], { description: 'The most first; empty where they are too few.' })
  shares!: EngagementShare[];
}
