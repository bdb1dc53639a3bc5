import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { CorrectScans, PublishScans, ReadScans, type ScanBatch, type TaughtScans } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  ClassMemberType,
  CorrectScanPagesInput,
  CorrectScanPagesResult,
  correctScanPagesSchema,
  HoldScansInput,
  HoldScansResult,
  holdScansSchema,
  MatchScansInput,
  MatchScansResult,
  matchScansSchema,
  PublishScansInput,
  PublishScansResult,
  publishScansSchema,
  ScanBatchType,
  ScanPageType,
  ScanWorkType,
  toScanBatchNode,
  toScanOutcomes,
  toScanPageNode,
  toScanWork,
  WithdrawScansInput,
  WithdrawScansResult,
  withdrawScansSchema,
  type ScanBatchNode,
  type ScanOutcomesType,
  type ScanPageNode,
} from './scan.type.js';

/** The scanned sheets of a class: whose they are, and what becomes of them. For those who teach the course. */
@Resolver(() => ScanBatchType)
export class ScanResolver {
  constructor(
    private readonly read: ReadScans,
    private readonly correct: CorrectScans,
    private readonly decide: PublishScans,
  ) {}

  @Query(() => ScanBatchType, {
    description: 'Scans that were uploaded (`/scans/uploads`) for an assignment of a course that you teach.',
  })
  async scanBatch(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid }) id: string): Promise<ScanBatchNode> {
    return toScanBatchNode(orThrow(await this.read.one(actor, id)));
  }

  @Mutation(() => CorrectScanPagesResult, {
    description: 'Says whose pages are, what they are, in which order and which way up. For teachers.',
  })
  async correctScanPages(
    @CurrentActor() actor: Actor,
    @Args('input') input: CorrectScanPagesInput,
  ): Promise<ScanBatchNode | Failure> {
    const parsed = parseInput(correctScanPagesSchema, input);
    return isFailure(parsed) ? parsed : toNode(await this.correct.execute(actor, parsed));
  }

  @Mutation(() => MatchScansResult, {
    description:
      'Has it proposed anew whose pages are, such as without the absent. Corrections before it are forgotten, but for what is published. For teachers.',
  })
  async matchScans(
    @CurrentActor() actor: Actor,
    @Args('input') input: MatchScansInput,
  ): Promise<ScanBatchNode | Failure> {
    const parsed = parseInput(matchScansSchema, input);
    return isFailure(parsed) ? parsed : toNode(await this.correct.match(actor, parsed));
  }

  @Mutation(() => HoldScansResult, {
    description: 'Holds scans, so that nothing of them is published, or lets them go. For teachers.',
  })
  async holdScans(
    @CurrentActor() actor: Actor,
    @Args('input') input: HoldScansInput,
  ): Promise<ScanBatchNode | Failure> {
    const parsed = parseInput(holdScansSchema, input);
    if (isFailure(parsed)) return parsed;
    const { batchId, hold: isHeld, reason } = parsed;
    return toNode(await this.correct.hold(actor, { batchId, isHeld, reason }));
  }

  @Mutation(() => PublishScansResult, {
    description:
      'Hands the works in for their learners, and they are graded as usual; each has an outcome of its own. For teachers.',
  })
  async publishScans(
    @CurrentActor() actor: Actor,
    @Args('input') input: PublishScansInput,
  ): Promise<ScanOutcomesType | Failure> {
    const parsed = parseInput(publishScansSchema, input);
    if (isFailure(parsed)) return parsed;
    const outcomes = await this.decide.execute(actor, { ...parsed, reason: null });
    return isFailure(outcomes) ? outcomes : toScanOutcomes(outcomes);
  }

  @Mutation(() => WithdrawScansResult, {
    description:
      'Withdraws works that were handed in from scans: they stay on record and count for nothing. Each has an outcome of its own. For teachers.',
  })
  async withdrawScans(
    @CurrentActor() actor: Actor,
    @Args('input') input: WithdrawScansInput,
  ): Promise<ScanOutcomesType | Failure> {
    const parsed = parseInput(withdrawScansSchema, input);
    if (isFailure(parsed)) return parsed;
    const outcomes = await this.decide.withdraw(actor, parsed);
    return isFailure(outcomes) ? outcomes : toScanOutcomes(outcomes);
  }

  @ResolveField(() => [ScanPageType], { description: 'All pages, in order.' })
  async pages(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { batch }: ScanBatchNode,
  ): Promise<ScanPageNode[]> {
    const pages = loaderOf(context, 'pages of scans', (batches: readonly ScanBatch[]) =>
      this.read.pagesOf(actor, batches),
    );
    return ((await pages.load(batch)) ?? []).map(toScanPageNode);
  }

  @ResolveField(() => [ScanWorkType], {
    description: 'Works that were handed in from them, withdrawn ones too, the earliest first.',
  })
  async works(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { batch }: ScanBatchNode,
  ): Promise<ScanWorkType[]> {
    const works = loaderOf(context, 'works of scans', (batches: readonly ScanBatch[]) =>
      this.read.worksOf(actor, batches),
    );
    return ((await works.load(batch)) ?? []).map(toScanWork);
  }

  @ResolveField(() => [ClassMemberType], {
    description: 'Learners of the course without a page: absent, or not found yet.',
  })
  async withoutPage(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { batch }: ScanBatchNode,
  ): Promise<ClassMemberType[]> {
    const without = loaderOf(context, 'learners without a page of scans', (batches: readonly ScanBatch[]) =>
      this.read.withoutPageIn(actor, batches),
    );
    return ((await without.load(batch)) ?? []).map(({ learnerId: id, name }) => ({ id, name }));
  }
}

function toNode(found: TaughtScans | Failure): ScanBatchNode | Failure {
  return isFailure(found) ? found : toScanBatchNode(found.batch);
}
