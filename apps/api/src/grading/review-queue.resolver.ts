import { Args, Query, Resolver } from '@nestjs/graphql';
import { ReadAssignments, ReviewQueue, type AssignmentView, type QueuedGroup } from '#libs/grading';
import type { Actor } from '#libs/identity';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byValue } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { ReviewGroupConnection, type ReviewGroupType } from './review-queue.type.js';
import { SubmissionConnection } from './review.type.js';
import { toSubmissionNode, type SubmissionNode } from './submission.node.js';

/** A group on its way out; nested fields read on from the views. */
type ReviewGroupNode = Omit<ReviewGroupType, 'assignment' | 'example'> & {
  readonly assignment: AssignmentView;
  readonly example: SubmissionNode;
};

/** What waits for the teachers of a course. */
@Resolver()
export class ReviewQueueResolver {
  constructor(
    private readonly queue: ReviewQueue,
    private readonly assignments: ReadAssignments,
  ) {}

  @Query(() => SubmissionConnection, {
    description:
      'Work that waits for the teachers of a course, the most valuable look first: uncertainty × works that are alike × (1 + days of waiting). All pages keep the order of the first.',
  })
  async reviewQueue(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<SubmissionNode>> {
    const page = orThrow(await this.queue.execute(actor, courseId, readPageArgs(first, after, byValue)));
    return toConnection(
      page,
      byValue,
      ({ key }) => key,
      ({ view }) => toSubmissionNode(view),
    );
  }

  @Query(() => ReviewGroupConnection, {
    description:
      'The same in groups: works of one assignment in which the same was found, which confirmReviews settles at once.',
  })
  async reviewGroups(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<ReviewGroupNode>> {
    const page = orThrow(await this.queue.groups(actor, courseId, readPageArgs(first, after, byValue)));
    return toConnection(
      page,
      byValue,
      ({ key }) => key,
      (group) => this.toNode(group),
    );
  }

  private toNode({ assignment, example, ...group }: QueuedGroup): ReviewGroupNode {
    return {
      ...group,
      assignment: this.assignments.toView(assignment, 'teacher'),
      example: toSubmissionNode(example),
    };
  }
}
