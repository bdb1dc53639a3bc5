import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  isSynthetic,
  ListModels,
  mostConfused,
  MoveModel,
  packageRefusals,
  type GateLine,
  type ModelPackage,
  type ModelTransition,
} from '#libs/models';
import { ListDatasets } from '#libs/training';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { picturePath } from '../training/picture-path.js';
import {
  GateLineType,
  MistakenExampleType,
  modelNameSchema,
  ModelConnection,
  ModelResult,
  ModelTransitionType,
  ModelType,
  MoveModelInput,
  moveModelSchema,
  RollBackModelInput,
  rollBackModelSchema,
} from './model.type.js';

/** A model on its way out; nested fields read on from the package. */
interface ModelNode extends ModelType {
  readonly model: ModelPackage;
}

/** The models of a course, for those who teach it. */
@Resolver(() => ModelType)
export class ModelResolver {
  constructor(
    private readonly list: ListModels,
    private readonly moving: MoveModel,
    private readonly datasets: ListDatasets,
  ) {}

  @Query(() => ModelConnection, { description: 'The models of a course that you teach, newest first.' })
  async models(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args('name', { type: () => String, nullable: true, description: 'Only the versions of this model.' })
    name?: string | null,
  ): Promise<Connection<ModelNode>> {
    const wanted = orThrow(parseInput(z.object({ name: modelNameSchema.nullish() }), { name })).name ?? null;
    const page = await this.list.list(actor, courseId, wanted, readPageArgs(first, after, byTime));
    return toConnection(orThrow(page), byTime, ({ uploadedAt: at, id }) => ({ at, id }), toNode);
  }

  @Query(() => ModelType, { description: 'A model of a course that you teach.' })
  async model(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid }) id: string): Promise<ModelNode> {
    return toNode(orThrow(await this.list.one(actor, id)));
  }

  @Mutation(() => ModelResult, {
    description:
      'Moves a model of a course that you teach on. Only one that meets its gate becomes active; the one that was is retired.',
  })
  async moveModel(@CurrentActor() actor: Actor, @Args('input') input: MoveModelInput): Promise<ModelNode | Failure> {
    const parsed = parseInput(moveModelSchema, input);
    return isFailure(parsed) ? parsed : toOutcome(await this.moving.move(actor, parsed));
  }

  @Mutation(() => ModelResult, {
    description: 'Makes the version active again that was active before. For the teachers of the course.',
  })
  async rollBackModel(
    @CurrentActor() actor: Actor,
    @Args('input') input: RollBackModelInput,
  ): Promise<ModelNode | Failure> {
    const parsed = parseInput(rollBackModelSchema, input);
    return isFailure(parsed) ? parsed : toOutcome(await this.moving.rollBack(actor, parsed));
  }

  @ResolveField(() => [ModelTransitionType], { description: 'Its life so far: who decided what, and why.' })
  async transitions(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { model }: ModelNode,
  ): Promise<readonly ModelTransition[]> {
    const transitions = loaderOf(context, 'transitions of model', (models: readonly ModelPackage[]) =>
      this.list.transitionsOf(actor, models),
    );
    return (await transitions.load(model)) ?? [];
  }

  @ResolveField(() => [GateLineType], {
    nullable: true,
    description: 'What it has to show before it may judge; null until it is verified.',
  })
  async gate(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { model }: ModelNode,
  ): Promise<readonly GateLine[] | null> {
    const gates = loaderOf(context, 'gate of model', (models: readonly ModelPackage[]) =>
      this.list.gatesOf(actor, models),
    );
    return gates.load(model);
  }

  @ResolveField(() => [MistakenExampleType], {
    description: 'Examples that were given another label when it was measured, surest first; of small heads.',
  })
  async mistakes(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { model }: ModelNode,
  ): Promise<readonly MistakenExampleType[]> {
    const mistakes = loaderOf(context, 'mistakes of model', (models: readonly ModelPackage[]) =>
      readMistakes(this.datasets, actor, models),
    );
    return (await mistakes.load(model)) ?? [];
  }
}

/** Mistakes of models with their images, where the datasets that these learnt from still have them. */
async function readMistakes(
  datasets: ListDatasets,
  actor: Actor,
  models: readonly ModelPackage[],
): Promise<ReadonlyMap<ModelPackage, readonly MistakenExampleType[]>> {
  const mistakesOf = ({ verified }: ModelPackage) => verified?.manifest.metrics.mistakes ?? [];
  const runs = models.flatMap((model) =>
    model.runId === null ? [] : [{ runId: model.runId, digests: mistakesOf(model).map(({ sha256 }) => sha256) }],
  );
  const images = await datasets.ofRuns(actor, runs);
  return new Map(
    models.map((model) => [
      model,
      mistakesOf(model).map(({ sha256, label, given, probability }) => {
        const image = model.runId === null ? undefined : images.get(model.runId)?.get(sha256);
        return { label, given, probability, picture: image === undefined ? null : picturePath(image) };
      }),
    ]),
  );
}

function toOutcome(outcome: ModelPackage | Failure): ModelNode | Failure {
  return isFailure(outcome) ? outcome : toNode(outcome);
}

function toNode(model: ModelPackage): ModelNode {
  const { id, courseId, state, sha256, bytes, runId, uploadedAt, verified, refusal } = model;
  return {
    model,
    id,
    courseId,
    state,
    sha256,
    bytes,
    runId,
    uploadedAt,
    verified: verified && toVerified(verified),
    refusal: refusal && { ...refusal, message: packageRefusals[refusal.reason] },
  };
}

function toVerified({
  name,
  version,
  task,
  manifest,
  verification,
}: NonNullable<ModelPackage['verified']>): ModelType['verified'] {
  const { golden, runtime, latency } = verification;
  return {
    name,
    version,
    task,
    format: manifest.format,
    labels: manifest.labels,
    isSynthetic: isSynthetic(manifest.dataset),
    mostConfused: mostConfused(manifest.metrics.confusion ?? [], manifest.labels),
    manifest,
    verification: {
      runtime,
      tensorDeviation: golden.tensor,
      pictureDeviation: golden.picture,
      milliseconds: latency.median,
    },
  };
}
