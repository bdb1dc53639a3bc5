import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { filesOfWork, requestWorkHintSchema, submitWorkSchema } from '#libs/contracts';
import {
  labelOfAlias,
  ReadSubmission,
  RequestWorkHint,
  SubmitWork,
  type GivenWorkHint,
  type SubmissionView,
  type SubmittedWork,
} from '#libs/grading';
import { ReadUsers, type Actor } from '#libs/identity';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { toScoreNode, toSubmissionNode, type SubmissionNode } from './submission.node.js';
import {
  LookalikeType,
  ModelJudgementType,
  RequestWorkHintInput,
  RequestWorkHintResult,
  ScoreType,
  SubmissionType,
  SubmitterType,
  SubmitWorkInput,
  SubmitWorkResult,
} from './submission.type.js';

/** Work that was handed in, its scores, and hints on it. */
@Resolver(() => SubmissionType)
export class SubmissionResolver {
  constructor(
    private readonly submit: SubmitWork,
    private readonly read: ReadSubmission,
    private readonly hint: RequestWorkHint,
    private readonly users: ReadUsers,
  ) {}

  @Query(() => SubmissionType, { description: 'Work of yours, or, for its teachers, of a course.' })
  async submission(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<SubmissionNode> {
    const view = orThrow(await this.read.execute(actor, id));
    return toSubmissionNode(view);
  }

  @Mutation(() => SubmitWorkResult, { description: 'Hands work in; it is graded at once, and you are told by socket.' })
  async submitWork(
    @CurrentActor() actor: Actor,
    @Args('input') input: SubmitWorkInput,
  ): Promise<SubmittedWork | Failure> {
    const parsed = parseInput(submitWorkSchema, { ...input, at: input.at.getTime() });
    return isFailure(parsed) ? parsed : this.submit.execute(actor, { ...parsed, fileIds: filesOfWork(parsed) });
  }

  @Mutation(() => RequestWorkHintResult, { description: 'Gives the next hint on a criterion that lost points.' })
  async requestWorkHint(
    @CurrentActor() actor: Actor,
    @Args('input') input: RequestWorkHintInput,
  ): Promise<GivenWorkHint | Failure> {
    const parsed = parseInput(requestWorkHintSchema, { ...input, at: input.at.getTime() });
    return isFailure(parsed) ? parsed : this.hint.execute(actor, parsed);
  }

  @ResolveField(() => [ScoreType], { description: 'All scores that you may see, in order; the last one stands.' })
  async scores(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<ScoreType[]> {
    const scores = loaderOf(context, 'scores of submission', (views: readonly SubmissionView[]) =>
      this.read.scoresOf(actor, views),
    );
    return ((await scores.load(node.view)) ?? []).map(toScoreNode);
  }

  @ResolveField(() => [ModelJudgementType], {
    description: 'For teachers: what models judged of it, those in shadow as well; empty for learners.',
  })
  async judgements(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<readonly ModelJudgementType[]> {
    const judgements = loaderOf(context, 'judgements of submission', (views: readonly SubmissionView[]) =>
      this.read.judgementsOf(actor, views),
    );
    return (await judgements.load(node.view)) ?? [];
  }

  @ResolveField(() => [LookalikeType], {
    description:
      'For teachers: works of others for the same assignment whose picture looks alike, a question to look into and no verdict. Empty for ' +
      'learners, and where so many look alike that the task must be why.',
  })
  async lookalikes(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<readonly LookalikeType[]> {
    const lookalikes = loaderOf(context, 'lookalikes of submission', (views: readonly SubmissionView[]) =>
      this.read.lookalikesOf(actor, views),
    );
    return (await lookalikes.load(node.view)) ?? [];
  }

  @ResolveField(() => SubmitterType, {
    nullable: true,
    description:
      'Null when the person is gone. To teachers of an anonymous assignment an alias, until its learners are revealed.',
  })
  async learner(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() node: SubmissionNode,
  ): Promise<SubmitterType | null> {
    const names = loaderOf(context, 'names of people', (ids: readonly string[]) => this.users.names(actor, ids));
    const { alias } = node.view;
    if (alias !== null) return { id: alias, name: labelOfAlias(alias) };
    const id = node.view.submission.learnerId;
    const name = await names.load(id);
    return name === null ? null : { id, name };
  }
}
