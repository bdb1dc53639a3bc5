import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { resultOf } from '../graphql/failure.type.js';
import { Json, Uuid } from '../graphql/scalars.js';

@ObjectType('PolicyReference', { description: 'A policy, by name and version.' })
export class PolicyReferenceType {
  @Field()
  name!: string;

  @Field(() => Int)
  version!: number;
}

@ObjectType('Policy', { description: 'Named, versioned numbers for choosing what comes next. It never changes.' })
export class PolicyType {
  @Field()
  name!: string;

  @Field(() => Int)
  version!: number;

  @Field(() => PolicyReferenceType, {
    nullable: true,
    description: 'The policy that it changes; null for one that every course has.',
  })
  base!: PolicyReferenceType | null;

  @Field(() => Json, {
    nullable: true,
    description: 'All its numbers; null where they can no longer be read, so that it never chooses.',
  })
  numbers!: unknown;

  @Field(() => Date, { nullable: true, description: 'Null for one that every course has.' })
  createdAt!: Date | null;
}

@ObjectType('PolicyArm', { description: 'A policy that chooses for a share of the learners.' })
export class PolicyArmType {
  @Field(() => PolicyReferenceType)
  policy!: PolicyReferenceType;

  @Field(() => Float, { description: '0 to 1.' })
  share!: number;
}

@ObjectType('PolicyPlan', { description: 'Which policies choose in a course; each learner has always the same.' })
export class PolicyPlanType {
  @Field(() => [PolicyArmType], {
    description:
      'The first is the control: it chooses before and after the plan, in graded sessions, and for whoever opted out.',
  })
  arms!: readonly PolicyArmType[];

  @Field({ description: 'Makes learners fall otherwise than in another plan.' })
  salt!: string;

  @Field({ description: 'Learners are told, and may opt out: there is no plan without.' })
  notice!: boolean;

  @Field()
  startsAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null for no end.' })
  endsAt!: Date | null;
}

@ObjectType('CoursePolicies', { description: 'The policies that may choose in a course, and which of them do.' })
export class CoursePoliciesType {
  @Field(() => [PolicyType], { description: 'Those that every course has, then its own: at most 100.' })
  policies!: readonly PolicyType[];

  @Field(() => PolicyPlanType, { nullable: true, description: 'Null where the default policy chooses for everybody.' })
  plan!: PolicyPlanType | null;
}

@ObjectType('ExperimentNotice', { description: 'What a learner is told while policies are compared in her course.' })
export class ExperimentNoticeType {
  @Field({ description: 'In her language.' })
  text!: string;

  @Field()
  takesPart!: boolean;
}

@ObjectType('ExperimentParticipation')
export class ExperimentParticipationType {
  @Field(() => Uuid)
  courseId!: string;

  @Field()
  takesPart!: boolean;
}

@InputType()
export class PolicyReferenceInput {
  @Field()
  name!: string;

  @Field(() => Int)
  version!: number;
}

@InputType()
export class CreatePolicyInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field({ description: 'Small letters, digits and hyphens, a letter first. No policy that every course has.' })
  name!: string;

  @Field(() => Int, { description: 'From 1. Changed numbers are a new version.' })
  version!: number;

  @Field(() => PolicyReferenceInput, { description: 'The policy that it changes: one that every course has.' })
  base!: PolicyReferenceInput;

  @Field(() => Json, {
    description: 'The numbers in which it differs from the base, as deep as they are there, such as {"epsilon": 0.2}.',
  })
  changes!: unknown;
}

@InputType()
export class PolicyArmInput {
  @Field(() => PolicyReferenceInput)
  policy!: PolicyReferenceInput;

  @Field(() => Float, { description: '0 to 1; all together are 1.' })
  share!: number;
}

@InputType()
export class PolicyPlanInput {
  @Field(() => [PolicyArmInput], { description: '1 to 20, the control first, each policy once.' })
  arms!: PolicyArmInput[];

  @Field({ description: 'Makes learners fall otherwise than in another plan.' })
  salt!: string;

  @Field({ description: 'Has to be true: learners are told, and may opt out.' })
  notice!: boolean;

  @Field()
  startsAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Null for no end.' })
  endsAt?: Date | null;
}

@InputType()
export class SetPolicyPlanInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => PolicyPlanInput, { nullable: true, description: 'Null for the default policy.' })
  plan?: PolicyPlanInput | null;
}

export const PolicyResult = resultOf('PolicyResult', PolicyType);
export const CoursePoliciesResult = resultOf('CoursePoliciesResult', CoursePoliciesType);
export const ExperimentParticipationResult = resultOf('ExperimentParticipationResult', ExperimentParticipationType);
