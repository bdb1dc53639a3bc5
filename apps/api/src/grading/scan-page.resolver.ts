import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { ReadScans, type AssignmentView } from '#libs/grading';
import { ReadUsers, type Actor } from '#libs/identity';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { AssignmentType } from './assignment.type.js';
import {
  ClassMemberType,
  ScanBatchConnection,
  ScanPageType,
  toScanBatchNode,
  type ScanBatchNode,
  type ScanPageNode,
} from './scan.type.js';

/** Whose pages of scans are, and might be. */
@Resolver(() => ScanPageType)
export class ScanPageResolver {
  constructor(private readonly users: ReadUsers) {}

  @ResolveField(() => ClassMemberType, {
    nullable: true,
    description: 'Whose it is; null where nobody has said it, and nothing was sure enough.',
  })
  learner(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { page }: ScanPageNode,
  ): Promise<ClassMemberType | null> {
    return this.named(actor, context, page.learnerId);
  }

  @ResolveField(() => ClassMemberType, { nullable: true, description: 'Whose it is thought to be.' })
  proposed(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() { page }: ScanPageNode,
  ): Promise<ClassMemberType | null> {
    return this.named(actor, context, page.proposed?.learnerId ?? null);
  }

  private async named(actor: Actor, context: GraphqlContext, id: string | null): Promise<ClassMemberType | null> {
    if (id === null) return null;
    const names = loaderOf(context, 'names of people', (ids: readonly string[]) => this.users.names(actor, ids));
    const name = await names.load(id);
    return name === null ? null : { id, name };
  }
}

/** The scans of an assignment. */
@Resolver(() => AssignmentType)
export class AssignmentScansResolver {
  constructor(private readonly read: ReadScans) {}

  @ResolveField(() => ScanBatchConnection, {
    description: 'For teachers: scans of the class that were uploaded, newest first; empty for learners.',
  })
  async scanBatches(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<ScanBatchNode>> {
    const request = readPageArgs(first, after, byTime);
    const batches = loaderOf(
      context,
      `scans of assignment ${JSON.stringify(request)}`,
      (views: readonly AssignmentView[]) => this.read.ofAssignments(actor, views, request),
    );
    const page = (await batches.load(assignment)) ?? { items: [], hasMore: false };
    return toConnection(page, byTime, ({ createdAt: at, id }) => ({ at, id }), toScanBatchNode);
  }
}
