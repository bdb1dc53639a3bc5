import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import { modelFormats, modelStates, modelTasks, packageRefusalReasons } from '#libs/models';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';
import { ConfusionType } from './confusion.type.js';

@ObjectType('GateLine', { description: 'One thing that a model has to show before it may judge.' })
export class GateLineType {
  @Field()
  name!: string;

  @Field()
  required!: string;

  @Field(() => String, { nullable: true, description: 'Null where nothing was measured.' })
  measured!: string | null;

  @Field()
  isMet!: boolean;
}

@ObjectType('ModelTransition', { description: 'A step in the life of a model.' })
export class ModelTransitionType {
  @Field(() => Int, { description: 'From 1.' })
  sequence!: number;

  @Field(() => String, { nullable: true, description: 'Null for the first.' })
  from!: string | null;

  @Field()
  to!: string;

  @Field(() => Uuid, { description: 'Pseudonym of who decided; all zeros where a program did.' })
  actor!: string;

  @Field()
  reason!: string;

  @Field()
  at!: Date;
}

@ObjectType('ModelRefusal', { description: 'Why a package was refused.' })
export class ModelRefusalType {
  @Field({ description: oneOf(packageRefusalReasons) })
  reason!: string;

  @Field({ description: 'What it means, and what to do.' })
  message!: string;

  @Field(() => String, { nullable: true, description: 'What exactly: files, operators, fields.' })
  detail!: string | null;
}

@ObjectType('ModelVerification', { description: 'What was found when the package was opened and run on the server.' })
export class ModelVerificationType {
  @Field({ description: 'What ran it.' })
  runtime!: string;

  @Field(() => Float, { description: 'Largest deviation of golden outputs from the same input.' })
  tensorDeviation!: number;

  @Field(() => Float, {
    nullable: true,
    description:
      'Largest deviation of probabilities from the picture, decoded and resized here; null without pictures.',
  })
  pictureDeviation!: number | null;

  @Field(() => Float, { description: 'Median milliseconds for one example on one thread.' })
  milliseconds!: number;
}

@ObjectType('MistakenExample', { description: 'An example that was given another label than its own.' })
export class MistakenExampleType {
  @Field()
  label!: string;

  @Field({ description: 'The label that it was given.' })
  given!: string;

  @Field(() => Float, { description: 'Of the label that it was given.' })
  probability!: number;

  @Field(() => String, {
    nullable: true,
    description:
      'Path of the image; needs the token too. Null where it is in the dataset of the run no more, or never was.',
  })
  picture!: string | null;
}

@ObjectType('VerifiedModel', { description: 'What the manifest of a verified package says.' })
export class VerifiedModelType {
  @Field({ description: 'Packages of one name are versions of one model.' })
  name!: string;

  @Field(() => Int, { description: 'From 1.' })
  version!: number;

  @Field({ description: oneOf(modelTasks) })
  task!: string;

  @Field({ description: oneOf(modelFormats) })
  format!: string;

  @Field(() => [String])
  labels!: readonly string[];

  @Field({ description: 'True where a program made the examples that it learnt from.' })
  isSynthetic!: boolean;

  @Field(() => [ConfusionType], {
    description: 'The labels that are mistaken most, where it was measured; at most five.',
  })
  mostConfused!: readonly ConfusionType[];

  @Field(() => Json, { description: 'The whole manifest: docs/schemas/model-manifest.schema.json.' })
  manifest!: unknown;

  @Field(() => ModelVerificationType)
  verification!: ModelVerificationType;
}

@ObjectType('Model', { description: 'A model package of a course.' })
export class ModelType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field({ description: oneOf(modelStates) })
  state!: string;

  @Field({ description: 'SHA-256 of the zip.' })
  sha256!: string;

  @Field(() => Float)
  bytes!: number;

  @Field(() => Uuid, { nullable: true, description: 'The training run that it came from.' })
  runId!: string | null;

  @Field()
  uploadedAt!: Date;

  @Field(() => VerifiedModelType, { nullable: true, description: 'Null until it is verified.' })
  verified!: VerifiedModelType | null;

  @Field(() => ModelRefusalType, { nullable: true })
  refusal!: ModelRefusalType | null;
}

export const ModelConnection = connectionTypeOf(ModelType);

/** Of a model, as its manifest says it. */
export const modelNameSchema = z.string().trim().min(1).max(100);
const stateSchema = z.enum(modelStates);
const reasonSchema = z.string().trim().min(1).max(1_000);

@InputType()
export class MoveModelInput {
  @Field(() => Uuid)
  modelId!: string;

  @Field({ description: 'candidate, shadow, active or retired.' })
  to!: string;

  @Field({ description: 'For the record.' })
  reason!: string;
}
export const moveModelSchema = z
  .strictObject({ modelId: idSchema, to: stateSchema, reason: reasonSchema })
  .transform(({ modelId: id, to, reason }) => ({ id, to, reason }));

@InputType()
export class RollBackModelInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field()
  name!: string;

  @Field({ description: 'For the record.' })
  reason!: string;
}
export const rollBackModelSchema = z.strictObject({
  courseId: idSchema,
  name: modelNameSchema,
  reason: reasonSchema,
});

export const ModelResult = resultOf('ModelResult', ModelType);
