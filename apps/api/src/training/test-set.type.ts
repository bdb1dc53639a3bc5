import { Field, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { Uuid } from '../graphql/scalars.js';

@ObjectType('SplitCounts', { description: 'Images in each split.' })
export class SplitCountsType {
  @Field(() => Int)
  training!: number;

  @Field(() => Int)
  validation!: number;

  @Field(() => Int, { description: 'Whose labels stay hidden.' })
  test!: number;
}

@ObjectType('TestSet', {
  description: 'A dataset, frozen for projects: learners get its images, those of the test split without their labels.',
})
export class TestSetType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  datasetId!: string;

  @Field()
  name!: string;

  @Field(() => [String])
  labels!: readonly string[];

  @Field(() => SplitCountsType)
  examples!: SplitCountsType;

  @Field({ description: 'Of the archive, labels included.' })
  sha256!: string;

  @Field()
  createdAt!: Date;
}

export const TestSetConnection = connectionTypeOf(TestSetType);

@InputType()
export class CreateTestSetInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid, { description: 'A dataset for image classification without works of learners.' })
  datasetId!: string;

  @Field({ description: '1 to 100 characters; learners see it.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'By which the images are split; 1 if you give none.' })
  seed?: number | null;
}

export const createTestSetSchema = z.strictObject({
  id: idSchema,
  datasetId: idSchema,
  name: z.string().trim().min(1).max(100),
  seed: z
    .int()
    .min(0)
    .nullish()
    .transform((given) => given ?? 1),
});

export const TestSetResult = resultOf('TestSetResult', TestSetType);
