import { Inject } from '@nestjs/common';
import { Args, Context, Int, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import { CONFIG } from '#libs/composition';
import { fail, FailureError, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Config } from '#libs/platform';
import {
  ListRuns,
  ManageRuns,
  progressLimit,
  type ReceivedProgress,
  type RunView,
  type StartedRun,
} from '#libs/training';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { publicUrl } from '../request/public-url.js';
import {
  CancelTrainingRunResult,
  ProgressLineType,
  RenewTrainingCodeResult,
  StartTrainingRunInput,
  StartTrainingRunResult,
  startTrainingRunSchema,
  TrainingRunConnection,
  TrainingRunType,
  type StartedRunType,
} from './run.type.js';
import { waysToTrain } from './ways-to-train.js';

/** A run on its way out; nested fields read on from the view. */
interface RunNode extends TrainingRunType {
  readonly view: RunView;
}

/** Training runs of a course, for those who teach it. */
@Resolver(() => TrainingRunType)
export class RunResolver {
  constructor(
    private readonly manage: ManageRuns,
    private readonly read: ListRuns,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Query(() => TrainingRunConnection, { description: 'The training runs of a course that you teach, newest first.' })
  async trainingRuns(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<RunNode>> {
    const page = orThrow(await this.read.list(actor, courseId, readPageArgs(first, after, byTime)));
    return toConnection(page, byTime, ({ createdAt: at, id }) => ({ at, id }), toNode);
  }

  @Query(() => TrainingRunType, { description: 'A training run of a course that you teach.' })
  async trainingRun(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid }) id: string): Promise<RunNode> {
    return toNode(orThrow(await this.read.one(actor, id)));
  }

  @Mutation(() => StartTrainingRunResult, {
    description: 'Starts a training run in a course that you teach: elsewhere, by its code, or here (engine node).',
  })
  async startTrainingRun(
    @CurrentActor() actor: Actor,
    @Context() { request }: GraphqlContext,
    @Args('input') input: StartTrainingRunInput,
  ): Promise<StartedRunType | Failure> {
    const { weights } = input;
    const parsed = parseInput(startTrainingRunSchema, { ...input, ...(weights && { weights: { ...weights } }) });
    return isFailure(parsed) ? parsed : this.toStarted(await this.manage.start(actor, parsed), request);
  }

  @Mutation(() => RenewTrainingCodeResult, { description: 'Makes a new code for a run; the one before ends.' })
  async renewTrainingCode(
    @CurrentActor() actor: Actor,
    @Context() { request }: GraphqlContext,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<StartedRunType | Failure> {
    return this.toStarted(await this.manage.renewCode(actor, id), request);
  }

  @Mutation(() => CancelTrainingRunResult, {
    description: 'Ends a run; one that goes on elsewhere hears of it with its next report.',
  })
  async cancelTrainingRun(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<TrainingRunType | Failure> {
    const run = await this.manage.cancel(actor, id);
    return isFailure(run) ? run : toNode(this.read.view(run));
  }

  @ResolveField(() => [ProgressLineType], {
    description: `What it told, in order, after a number: its curves. At most ${progressLimit} lines at once.`,
  })
  async progress(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { view }: RunNode,
    @Args('afterLine', { type: () => Int, defaultValue: 0, description: 'The last number that you have.' })
    afterLine: number,
  ): Promise<readonly ReceivedProgress[]> {
    if (afterLine < 0) throw new FailureError(fail('INVALID_INPUT', '`afterLine` must be 0 or more.'));
    const progress = loaderOf(context, `progress of run after ${afterLine}`, (views: readonly RunView[]) =>
      this.read.progressOf(actor, views, afterLine),
    );
    return (await progress.load(view)) ?? [];
  }

  private toStarted(outcome: StartedRun | Failure, request: FastifyRequest): StartedRunType | Failure {
    if (isFailure(outcome)) return outcome;
    const { run, code: runCode } = outcome;
    const ways = runCode === null ? null : waysToTrain(publicUrl(this.config, request), runCode);
    return { run: toNode(this.read.view(run)), runCode, ways };
  }
}

function toNode(view: RunView): RunNode {
  const { id, courseId, datasetId, name, task, engine, backbone, numbers, state, isStalled, failure, dataset } = view;
  const { codeExpiresAt, heardAt, cancelledAt, endedAt, modelId, createdAt } = view;
  return {
    view,
    id,
    courseId,
    datasetId,
    name,
    task,
    engine,
    backbone,
    numbers,
    state,
    isStalled,
    failure,
    card: dataset?.card ?? null,
    codeExpiresAt,
    heardAt,
    cancelledAt,
    endedAt,
    modelId,
    createdAt,
  };
}
