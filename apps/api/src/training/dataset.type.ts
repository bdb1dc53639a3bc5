import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import type { failureCodes, FailureIssue } from '#libs/kernel';
import { idSchema } from '#libs/contracts';
import { datasetCardSchema } from '#libs/models';
import { boxesSchema, datasetLimits, datasetTasks } from '#libs/training';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { InputIssue, resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';

const consentBases = datasetCardSchema.shape.consentBasis.options;
const splitBys = datasetCardSchema.shape.splitBy.options;

@ObjectType('LabelCount', { description: 'How much of a dataset has a label.' })
export class LabelCountType {
  @Field()
  label!: string;

  @Field(() => Int, { description: 'That have it, or a box of it.' })
  images!: number;

  @Field(() => Int, { description: 'Students, subjects or sources that they come from.' })
  groups!: number;

  @Field(() => Int, { nullable: true, description: 'In all images; null where the dataset is for classification.' })
  boxes!: number | null;
}

@ObjectType('LabelledImage', { description: 'One image with its label or its boxes.' })
export class LabelledImageType {
  @Field(() => Uuid)
  id!: string;

  @Field({ description: 'Path of the image; needs the token too.' })
  picture!: string;

  @Field(() => String, { nullable: true, description: 'Null in a dataset for detection.' })
  label!: string | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'A list of { label, x, y, width, height, keypoints }, as BoxInput has them. Null in a dataset for classification.',
  })
  boxes!: unknown;

  @Field(() => String, {
    nullable: true,
    description: 'What never stands in two splits: of a work its learner, as a pseudonym.',
  })
  group!: string | null;

  @Field(() => Json, { description: 'Texts by name, such as the device, for measures by group.' })
  attributes!: unknown;

  @Field(() => Uuid, { nullable: true, description: 'The work that it was handed in as.' })
  submissionId!: string | null;

  @Field()
  labelledAt!: Date;
}

export const LabelledImageConnection = connectionTypeOf(LabelledImageType);

@ObjectType('TrainingDataset', { description: 'Labelled images of a course, from which models are trained.' })
export class TrainingDatasetType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field()
  name!: string;

  @Field()
  description!: string;

  @Field({ description: `Why the images may be used: ${oneOf(consentBases)}` })
  consentBasis!: string;

  @Field()
  licence!: string;

  @Field({ description: 'True where a program made the images: what learns from them scores practice only.' })
  isSynthetic!: boolean;

  @Field({ description: `What never stands in two splits: ${oneOf(splitBys)}` })
  splitBy!: string;

  @Field({ description: `What models learn from it: ${oneOf(datasetTasks)}` })
  task!: string;

  @Field()
  createdAt!: Date;
}

export const TrainingDatasetConnection = connectionTypeOf(TrainingDatasetType);

@ObjectType('ImageOutcome', { description: 'What became of one image that was labelled.' })
export class ImageOutcomeType {
  @Field(() => Uuid)
  id!: string;

  @Field({ description: 'added, relabelled, unchanged or refused.' })
  outcome!: string;

  @Field(() => String, { nullable: true, description: 'Why it was refused; the catalogue is docs/error-codes.md.' })
  code!: keyof typeof failureCodes | null;

  @Field(() => String, { nullable: true })
  message!: string | null;

  @Field(() => [InputIssue], { nullable: true, description: 'Which of its fields and boxes were wrong, and how.' })
  issues!: readonly FailureIssue[] | null;
}

@ObjectType('LabelledImages')
export class LabelledImagesType {
  @Field(() => [ImageOutcomeType], { description: 'In the order of the images.' })
  outcomes!: readonly ImageOutcomeType[];
}

@ObjectType('RemovedImages')
export class RemovedImagesType {
  @Field(() => Int)
  removed!: number;
}

@InputType()
export class CreateTrainingDatasetInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field({ description: '1 to 100 characters.' })
  name!: string;

  @Field({ description: 'What the images show and where they come from; goes on the card of the model.' })
  description!: string;

  @Field({ description: oneOf(consentBases) })
  consentBasis!: string;

  @Field({ description: 'Of the images, such as CC-BY-4.0, or the words of your institution.' })
  licence!: string;

  @Field(() => Boolean, { nullable: true, description: 'True where a program made the images.' })
  isSynthetic?: boolean | null;

  @Field({ description: oneOf(splitBys) })
  splitBy!: string;

  @Field(() => String, {
    nullable: true,
    description: `${oneOf(datasetTasks)} Never changed; image-classification if you give none.`,
  })
  task?: string | null;
}

@InputType({ description: 'A thing on a picture. Pixels of the picture as it is kept: upright, at most 2,048 a side.' })
export class BoxInput {
  @Field({ description: '1 to 200 characters.' })
  label!: string;

  @Field(() => Float, { description: 'Of the left side.' })
  x!: number;

  @Field(() => Float, { description: 'Of the upper side.' })
  y!: number;

  @Field(() => Float)
  width!: number;

  @Field(() => Float)
  height!: number;

  @Field(() => Json, {
    nullable: true,
    description: `Points of it by name, such as { "tip": [x, y] }: at most ${datasetLimits.keypoints}, on the picture.`,
  })
  keypoints?: unknown;
}

@InputType()
export class ImageToLabelInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid, { nullable: true, description: 'A work of the course, whose learner consents to training.' })
  submissionId?: string | null;

  @Field(() => Uuid, { nullable: true, description: 'A picture that you uploaded before; in place of a work.' })
  fileId?: string | null;

  @Field(() => String, { nullable: true, description: '1 to 200 characters. In a dataset for classification only.' })
  label?: string | null;

  @Field(() => [BoxInput], {
    nullable: true,
    description: `At most ${datasetLimits.boxes}; none where nothing is on it. In a dataset for detection only, in place of the label.`,
  })
  boxes?: BoxInput[] | null;

  @Field(() => String, { nullable: true, description: 'Of an upload: whose or whence it is, as a pseudonym.' })
  group?: string | null;

  @Field(() => Json, { nullable: true, description: 'Texts by name, such as the device.' })
  attributes?: unknown;
}

@InputType()
export class LabelImagesInput {
  @Field(() => Uuid)
  datasetId!: string;

  @Field(() => [ImageToLabelInput], { description: `1 to ${datasetLimits.atOnce}.` })
  images!: ImageToLabelInput[];
}

@InputType()
export class RemoveLabelledImagesInput {
  @Field(() => Uuid)
  datasetId!: string;

  @Field(() => [Uuid], { description: `1 to ${datasetLimits.atOnce}.` })
  imageIds!: string[];
}

const text = (longest: number) => z.string().trim().min(1).max(longest);

export const createTrainingDatasetSchema = z.strictObject({
  id: idSchema,
  courseId: idSchema,
  name: text(100),
  description: datasetCardSchema.shape.description,
  consentBasis: datasetCardSchema.shape.consentBasis,
  licence: datasetCardSchema.shape.licence,
  isSynthetic: z
    .boolean()
    .nullish()
    .transform((given) => given ?? false),
  splitBy: datasetCardSchema.shape.splitBy,
  task: z
    .enum(datasetTasks)
    .nullish()
    .transform((given) => given ?? 'image-classification'),
});

const given = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? null);

export const labelImagesSchema = z.strictObject({
  datasetId: idSchema,
  images: z
    .array(
      z.strictObject({
        id: idSchema,
        submissionId: given(idSchema),
        fileId: given(idSchema),
        label: given(text(datasetLimits.label)),
        boxes: given(boxesSchema),
        group: given(text(datasetLimits.group)),
        attributes: z
          .record(text(100), text(100))
          .nullish()
          .transform((value) => value ?? {}),
      }),
    )
    .min(1)
    .max(datasetLimits.atOnce),
});

export const removeLabelledImagesSchema = z.strictObject({
  datasetId: idSchema,
  imageIds: z.array(idSchema).min(1).max(datasetLimits.atOnce),
});

export const TrainingDatasetResult = resultOf('TrainingDatasetResult', TrainingDatasetType);
export const LabelImagesResult = resultOf('LabelImagesResult', LabelledImagesType);
export const RemoveLabelledImagesResult = resultOf('RemoveLabelledImagesResult', RemovedImagesType);
