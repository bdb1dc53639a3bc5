import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { releases, stakes } from '#libs/grading';
import { externalKeyFields } from '../graphql/external-key.js';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { changeSchema, changeWords } from '../request/change.js';

@ObjectType('Assignment', { description: 'A visual activity that learners hand work in for.' })
export class AssignmentType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  activityId!: string;

  @Field(() => Int, {
    description: 'The version of the activity that its works are graded by; regradeAssignment moves it.',
  })
  activityVersion!: number;

  @Field()
  title!: string;

  @Field({ description: 'practice: scores are shown as they come. graded: after the teacher has settled them.' })
  stakes!: string;

  @Field({
    description: 'teacher: scores that count wait for her. certified: a program whose word is certified releases them.',
  })
  release!: string;

  @Field(() => Date, { nullable: true })
  opensAt!: Date | null;

  @Field(() => Date, { nullable: true })
  dueAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When a teacher closed it.' })
  closedAt!: Date | null;

  @Field({ description: 'Whether teachers see aliases in place of its learners, until these are revealed.' })
  anonymous!: boolean;

  @Field(() => Date, { nullable: true, description: 'When its learners were revealed to teachers, for good.' })
  revealedAt!: Date | null;

  @Field(() => String, { nullable: true, description: 'Where it comes from.' })
  source!: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId!: string | null;
}

@ObjectType('Extension', { description: 'A later due date of an assignment for one learner.' })
export class ExtensionType {
  @Field(() => Uuid)
  learnerId!: string;

  @Field()
  dueAt!: Date;

  @Field()
  grantedAt!: Date;
}

@InputType()
export class GrantExtensionInput {
  @Field(() => Uuid)
  assignmentId!: string;

  @Field(() => Uuid, { description: 'Somebody who learns in the course.' })
  learnerId!: string;

  @Field(() => Date, {
    nullable: true,
    description: 'Later than that of the assignment. Null takes the extension away.',
  })
  dueAt?: Date | null;
}

export const AssignmentConnection = connectionTypeOf(AssignmentType);

@InputType()
export class CreateAssignmentInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid, { description: 'A visual assignment of the course.' })
  activityId!: string;

  @Field({ description: '1 to 200 characters.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'practice, unless you say graded.' })
  stakes?: string | null;

  @Field(() => String, { nullable: true, description: 'teacher, unless you say certified.' })
  release?: string | null;

  @Field(() => Date, { nullable: true })
  opensAt?: Date | null;

  @Field(() => Date, { nullable: true })
  dueAt?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether teachers see aliases until they reveal its learners.' })
  anonymous?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Where it comes from; goes with externalId.' })
  source?: string | null;

  @Field(() => String, { nullable: true, description: 'Its id there.' })
  externalId?: string | null;
}

@InputType({ description: changeWords })
export class UpdateAssignmentInput {
  @Field(() => Uuid)
  id!: string;

  @Field(() => String, { nullable: true })
  title?: string | null;

  @Field(() => String, { nullable: true, description: oneOf(stakes) })
  stakes?: string | null;

  @Field(() => String, { nullable: true, description: oneOf(releases) })
  release?: string | null;

  @Field(() => Date, { nullable: true, description: 'Null takes it away.' })
  opensAt?: Date | null;

  @Field(() => Date, { nullable: true, description: 'Null takes it away.' })
  dueAt?: Date | null;
}

const title = z.string().trim().min(1).max(200);
const date = z.date().nullable();

export const createAssignmentSchema = z.strictObject({
  id: idSchema,
  courseId: idSchema,
  activityId: idSchema,
  title,
  stakes: z
    .enum(stakes)
    .nullish()
    .transform((given) => given ?? 'practice'),
  release: z
    .enum(releases)
    .nullish()
    .transform((given) => given ?? 'teacher'),
  opensAt: date.default(null),
  dueAt: date.default(null),
  anonymous: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
  ...externalKeyFields,
});

export const updateAssignmentSchema = changeSchema({
  title,
  stakes: z.enum(stakes),
  release: z.enum(releases),
  opensAt: date,
  dueAt: date,
});

export const CreateAssignmentResult = resultOf('CreateAssignmentResult', AssignmentType);
export const UpdateAssignmentResult = resultOf('UpdateAssignmentResult', AssignmentType);
export const grantExtensionSchema = z.strictObject({
  assignmentId: idSchema,
  learnerId: idSchema,
  dueAt: date.default(null),
});

export const GrantExtensionResult = resultOf('GrantExtensionResult', AssignmentType);
export const RevealLearnersResult = resultOf('RevealLearnersResult', AssignmentType);
export const CloseAssignmentResult = resultOf('CloseAssignmentResult', AssignmentType);
