import { Field, Float, InputType, Int, ObjectType } from '@nestjs/graphql';
import { z } from 'zod';
import { idSchema } from '#libs/contracts';
import {
  backbones,
  datasetTasks,
  progressSchema,
  runEngines,
  runStates,
  trainingNumbersSchema,
  trainingPlanSchema,
} from '#libs/training';
import { connectionTypeOf } from '../graphql/connection.type.js';
import { resultOf } from '../graphql/failure.type.js';
import { oneOf } from '../graphql/one-of.js';
import { Json, Uuid } from '../graphql/scalars.js';

@ObjectType('ProgressLine', { description: 'One line of what a run told.' })
export class ProgressLineType {
  @Field(() => Int, { description: 'From 1, in order.' })
  sequence!: number;

  @Field({ description: oneOf(progressSchema.shape.phase.options) })
  phase!: string;

  @Field(() => Int)
  epoch!: number;

  @Field(() => Int)
  epochs!: number;

  @Field(() => Json, { description: 'Numbers by name: loss, accuracy, validationLoss, validationAccuracy, …' })
  metrics!: unknown;

  @Field(() => String, { nullable: true })
  message?: string | null;

  @Field({ description: 'By the clock of the machine that trains.' })
  at!: string;
}

@ObjectType('TrainingRun', { description: 'One training of one model.' })
export class TrainingRunType {
  @Field(() => Uuid)
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  datasetId!: string;

  @Field({ description: 'Becomes the name of the model.' })
  name!: string;

  @Field({ description: `That of its dataset: ${oneOf(datasetTasks)}` })
  task!: string;

  @Field({ description: oneOf(runEngines) })
  engine!: string;

  @Field()
  backbone!: string;

  @Field(() => Json, { description: 'As they were chosen, with what was left out filled in.' })
  numbers!: unknown;

  @Field({ description: oneOf(runStates) })
  state!: string;

  @Field({ description: 'Nothing was heard of it for ten minutes. It may come back, and goes on where it was.' })
  isStalled!: boolean;

  @Field(() => String, { nullable: true, description: 'Why it failed.' })
  failure!: string | null;

  @Field(() => Json, { nullable: true, description: 'Card of the frozen dataset; null until it is prepared.' })
  card!: unknown;

  @Field({ description: 'Until when its code gives out the plan.' })
  codeExpiresAt!: Date;

  @Field(() => Date, { nullable: true, description: 'Its last sign of life.' })
  heardAt!: Date | null;

  @Field(() => Date, { nullable: true, description: 'When somebody asked for it to end.' })
  cancelledAt!: Date | null;

  @Field(() => Date, { nullable: true })
  endedAt!: Date | null;

  @Field(() => Uuid, { nullable: true, description: 'The model that came of it.' })
  modelId!: string | null;

  @Field()
  createdAt!: Date;
}

export const TrainingRunConnection = connectionTypeOf(TrainingRunType);

@ObjectType('WaysToTrain', { description: 'Ways to go on with the code of a run: choose one.' })
export class WaysToTrainType {
  @Field({ description: 'The notebook, with this server and the code filled in: open it in Colab.' })
  notebookUrl!: string;

  @Field({
    description:
      "For any machine that has the training package: pip install 'attune-training[jax,export] @ URL/training/package.zip', " +
      'or with tf or torch in place of jax, as the engine is.',
  })
  command!: string;

  @Field({ description: 'For Colab from the command line: a machine with a TPU that is given back at the end.' })
  colabCommand!: string;
}

@ObjectType('StartedRun')
export class StartedRunType {
  @Field(() => TrainingRunType)
  run!: TrainingRunType;

  @Field(() => String, {
    nullable: true,
    description: 'Gives out the plan: enter it in the notebook. It is told once; null for the engine node.',
  })
  runCode!: string | null;

  @Field(() => WaysToTrainType, { nullable: true, description: 'What to do with the code; null where there is none.' })
  ways!: WaysToTrainType | null;
}

@InputType()
export class BaseWeightsInput {
  @Field({ description: 'Of the network that they are for.' })
  architecture!: string;

  @Field({ description: 'Where the machine that trains gets them: .safetensors or .h5.' })
  url!: string;

  @Field()
  sha256!: string;

  @Field()
  licence!: string;
}

@InputType()
export class StartTrainingRunInput {
  @Field(() => Uuid, { description: 'Made by you; a resend must be identical.' })
  id!: string;

  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  datasetId!: string;

  @Field({ description: 'Becomes the name of the model; 1 to 100 characters.' })
  name!: string;

  @Field({
    description: `${oneOf(runEngines)} node trains a small head here, within seconds; for detection, keras-jax or keras-tf.`,
  })
  engine!: string;

  @Field({
    description: `For image-classification ${oneOf(backbones['image-classification'])} For object-detection ${oneOf(backbones['object-detection'])} Of the engine node: classical, or the id of a model of the course that gives an embedding.`,
  })
  backbone!: string;

  @Field(() => BaseWeightsInput, { nullable: true, description: 'Null: random weights.' })
  weights?: BaseWeightsInput | null;

  @Field(() => Float, {
    nullable: true,
    description: 'The probability below which the model says that it does not know.',
  })
  abstainBelow?: number | null;

  @Field(() => Json, {
    nullable: true,
    description:
      'As docs/schemas/training-plan.schema.json has them in `numbers`; what is left out is as it says there.',
  })
  numbers?: unknown;
}

export const startTrainingRunSchema = z.strictObject({
  id: idSchema,
  courseId: idSchema,
  datasetId: idSchema,
  name: z.string().trim().min(1).max(100),
  engine: z.enum(runEngines),
  backbone: z.string().min(1).max(100),
  weights: trainingPlanSchema.shape.weights.options[1].nullish().transform((given) => given ?? ('none' as const)),
  abstainBelow: trainingPlanSchema.shape.abstainBelow.optional().transform((given) => given ?? null),
  numbers: trainingNumbersSchema.nullish().transform((given) => given ?? trainingNumbersSchema.parse({})),
});

export const StartTrainingRunResult = resultOf('StartTrainingRunResult', StartedRunType);
export const RenewTrainingCodeResult = resultOf('RenewTrainingCodeResult', StartedRunType);
export const CancelTrainingRunResult = resultOf('CancelTrainingRunResult', TrainingRunType);
