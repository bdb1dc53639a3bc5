import { Field, Float, Int, ObjectType } from '@nestjs/graphql';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('SkillMastery', {
  description: 'Mastery of one skill: probability of a right answer on its median exercise, with a 90 % interval.',
})
export class SkillMasteryType {
  @Field(() => Uuid)
  skillId!: string;

  @Field()
  name!: string;

  @Field(() => Float)
  probability!: number;

  @Field(() => Float)
  low!: number;

  @Field(() => Float)
  high!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'P(L), the probability that the skill is known, as Bayesian knowledge tracing sees the same answers; null for learners ' +
      'who are still followed by an older model.',
  })
  known?: number;

  @Field(() => Int)
  responses!: number;

  @Field({ description: 'Whether the probability has reached the threshold of the course.' })
  mastered!: boolean;
}

@ObjectType('MasteryPoint', { description: 'Mastery of a skill after one response.' })
export class MasteryPointType {
  @Field(() => Int, { description: 'Number of the response among the learner’s in this course.' })
  sequence!: number;

  @Field({ description: 'When, by the clock of the device.' })
  at!: Date;

  @Field(() => Float)
  probability!: number;
}

@ObjectType('DueReview', { description: 'A mastered skill that is about to be forgotten.' })
export class DueReviewType {
  @Field(() => Uuid)
  skillId!: string;

  @Field()
  name!: string;

  @Field(() => Float, { description: 'Probability that it would be recalled today.' })
  retrievability!: number;

  @Field({ description: 'The day on which it came due, in the institution’s time zone, such as 2026-03-29.' })
  dueOn!: string;
}

@ObjectType('SkillOfClass', { description: 'A skill of a course, and how far a class has come with it.' })
export class SkillOfClassType {
  @Field(() => Uuid)
  skillId!: string;

  @Field()
  name!: string;

  @Field(() => [Uuid])
  prerequisiteIds!: readonly string[];

  @Field(() => Int, { description: 'Learners who have answered something of it.' })
  begun!: number;

  @Field(() => Int, { description: 'Learners who have mastered it.' })
  mastered!: number;

  @Field(() => Float, { nullable: true, description: 'Median mastery of those who have begun it.' })
  median!: number | null;

  @Field(() => Float, { nullable: true, description: 'A quarter of them have less.' })
  lower!: number | null;

  @Field(() => Float, { nullable: true, description: 'A quarter of them have more.' })
  upper!: number | null;
}

@ObjectType('SkillMap', { description: 'How far a class has come with the skills of its course, in teaching order.' })
export class SkillMapType {
  @Field(() => Int, { description: 'Learners who have opened a session.' })
  learners!: number;

  @Field(() => [SkillOfClassType])
  skills!: readonly SkillOfClassType[];
}
