import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import type { RegradePreview } from '#libs/grading';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('Regrade', { description: 'A decision to grade the works of an assignment anew.' })
export class RegradeType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  assignmentId!: string;

  @Field(() => Int, { description: 'The version of the activity that works were graded by.' })
  fromVersion!: number;

  @Field(() => Int, { description: 'The version that they are graded by from now on.' })
  toVersion!: number;

  @Field({ description: 'Whether works that a teacher had settled are graded anew, too.' })
  includeReviewed!: boolean;

  @Field(() => Int, { description: 'How many works are graded anew.' })
  works!: number;

  @Field()
  decidedAt!: Date;
}

@ObjectType('RegradeChange', { description: 'What grading anew would change of one work.' })
export class RegradeChangeType {
  @Field(() => Uuid)
  submissionId!: string;

  @Field(() => Float, { nullable: true, description: 'Points now; null where there is no score.' })
  before!: number | null;

  @Field(() => Float, { nullable: true })
  maximumBefore!: number | null;

  @Field(() => Float, { nullable: true, description: 'Points then; null where no program could score it.' })
  after!: number | null;

  @Field(() => Float, { nullable: true })
  maximumAfter!: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Of the share of the points, −1 to 1; null where one is missing.',
  })
  change!: number | null;
}

@ObjectType('RegradePreview', { description: 'What grading anew would do. Nothing of it is stored.' })
export class RegradePreviewType {
  @Field(() => Int, { description: 'Works that would be graded anew.' })
  works!: number;

  @Field(() => Int, { description: 'Works that teachers have settled and that stay as they are.' })
  kept!: number;

  @Field(() => Int, { description: 'Works that it was tried on, the latest; the counts below are of these.' })
  tried!: number;

  @Field(() => Int, {
    description: 'Works whose share of the points would change, or that would gain or lose a score.',
  })
  affected!: number;

  @Field(() => Int)
  higher!: number;

  @Field(() => Int)
  lower!: number;

  @Field(() => Int, { description: 'Works that no program could score any more.' })
  ungraded!: number;

  @Field(() => Float, {
    description: 'Of the share of the points, −1 to 1, over all works with a score before and after.',
  })
  meanChange!: number;

  @Field(() => [RegradeChangeType], { description: 'The largest, twenty at most.' })
  changes!: readonly RegradeChangeType[];
}

@InputType()
export class PreviewRegradeInput {
  @Field(() => Uuid)
  assignmentId!: string;

  @Field(() => Int, { description: 'A version of its activity; the present one where a model has changed.' })
  activityVersion!: number;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether works that a teacher has settled are graded anew, too.',
  })
  includeReviewed?: boolean | null;
}

@InputType()
export class RegradeAssignmentInput extends PreviewRegradeInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;
}

const scope = {
  assignmentId: idSchema,
  activityVersion: z.int().min(1),
  includeReviewed: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
};

export const previewRegradeSchema = z.strictObject(scope);
export const regradeAssignmentSchema = z.strictObject({ id: idSchema, ...scope });

export const RegradeAssignmentResult = resultOf('RegradeAssignmentResult', RegradeType);

export function toRegradePreview({ changes, ...preview }: RegradePreview): RegradePreviewType {
  return {
    ...preview,
    changes: changes.map(({ submissionId, before, after, change }) => ({
      submissionId,
      before: before?.total ?? null,
      maximumBefore: before?.maximum ?? null,
      after: after?.total ?? null,
      maximumAfter: after?.maximum ?? null,
      change,
    })),
  };
}
