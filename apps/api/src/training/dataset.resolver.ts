import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  ListDatasets,
  ManageDatasets,
  type LabelCount,
  type LabelledImage,
  type LabelOutcome,
  type TrainingDataset,
} from '#libs/training';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  CreateTrainingDatasetInput,
  createTrainingDatasetSchema,
  LabelCountType,
  LabelImagesInput,
  LabelImagesResult,
  labelImagesSchema,
  LabelledImageConnection,
  RemoveLabelledImagesInput,
  RemoveLabelledImagesResult,
  removeLabelledImagesSchema,
  TrainingDatasetConnection,
  TrainingDatasetResult,
  TrainingDatasetType,
  type ImageOutcomeType,
  type LabelledImagesType,
  type LabelledImageType,
  type RemovedImagesType,
} from './dataset.type.js';
import { picturePath } from './picture-path.js';

/** Labelled images of a course, for those who teach it. */
@Resolver(() => TrainingDatasetType)
export class DatasetResolver {
  constructor(
    private readonly manage: ManageDatasets,
    private readonly read: ListDatasets,
  ) {}

  @Query(() => TrainingDatasetConnection, { description: 'The datasets of a course that you teach, newest first.' })
  async trainingDatasets(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<TrainingDataset>> {
    const page = orThrow(await this.read.list(actor, courseId, readPageArgs(first, after, byTime)));
    return toConnection(
      page,
      byTime,
      ({ createdAt: at, id }) => ({ at, id }),
      (dataset) => dataset,
    );
  }

  @Query(() => TrainingDatasetType, { description: 'A dataset of a course that you teach.' })
  async trainingDataset(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<TrainingDataset> {
    return orThrow(await this.read.one(actor, id));
  }

  @Mutation(() => TrainingDatasetResult, { description: 'Makes a dataset in a course that you teach.' })
  async createTrainingDataset(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateTrainingDatasetInput,
  ): Promise<TrainingDataset | Failure> {
    const parsed = parseInput(createTrainingDatasetSchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }

  @Mutation(() => LabelImagesResult, {
    description:
      'Labels works of the course, or pictures that you uploaded, each as a whole or by boxes, as the task of the dataset wants it; one that has a label or boxes already is labelled anew. Each image has an outcome of its own.',
  })
  async labelImages(
    @CurrentActor() actor: Actor,
    @Args('input') input: LabelImagesInput,
  ): Promise<LabelledImagesType | Failure> {
    const images = input.images.map((image) => ({ ...image, boxes: image.boxes?.map((box) => ({ ...box })) }));
    const parsed = parseInput(labelImagesSchema, { ...input, images });
    if (isFailure(parsed)) return parsed;
    const outcomes = await this.manage.label(actor, parsed.datasetId, parsed.images);
    return isFailure(outcomes) ? outcomes : { outcomes: outcomes.map(toOutcome) };
  }

  @Mutation(() => RemoveLabelledImagesResult, { description: 'Takes images out of a dataset.' })
  async removeLabelledImages(
    @CurrentActor() actor: Actor,
    @Args('input') input: RemoveLabelledImagesInput,
  ): Promise<RemovedImagesType | Failure> {
    const parsed = parseInput(removeLabelledImagesSchema, input);
    if (isFailure(parsed)) return parsed;
    const removed = await this.manage.remove(actor, parsed.datasetId, parsed.imageIds);
    return isFailure(removed) ? removed : { removed };
  }

  @ResolveField(() => [LabelCountType], {
    description: 'Its labels. Works whose learner does not consent to training any more are neither counted nor shown.',
  })
  async labels(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() dataset: TrainingDataset,
  ): Promise<readonly LabelCount[]> {
    const labels = loaderOf(context, 'labels of dataset', (datasets: readonly TrainingDataset[]) =>
      this.read.labelsOf(actor, datasets),
    );
    return (await labels.load(dataset)) ?? [];
  }

  @ResolveField(() => LabelledImageConnection, { description: 'Its images, the last labelled first.' })
  async images(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() dataset: TrainingDataset,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<LabelledImageType>> {
    const request = readPageArgs(first, after, byTime);
    const images = loaderOf(
      context,
      `images of dataset ${JSON.stringify(request)}`,
      (datasets: readonly TrainingDataset[]) => this.read.imagesOf(actor, datasets, request),
    );
    const page = (await images.load(dataset)) ?? { items: [], hasMore: false };
    return toConnection(page, byTime, ({ labelledAt: at, id }) => ({ at, id }), toImage);
  }
}

function toImage({ id, label, boxes, group, attributes, submissionId, labelledAt }: LabelledImage): LabelledImageType {
  return { id, picture: picturePath({ id }), label, boxes, group, attributes, submissionId, labelledAt };
}

function toOutcome({ id, outcome }: LabelOutcome): ImageOutcomeType {
  if (!isFailure(outcome)) return { id, outcome, code: null, message: null, issues: null };
  const { code, message, issues = null } = outcome;
  return { id, outcome: 'refused', code, message, issues };
}
