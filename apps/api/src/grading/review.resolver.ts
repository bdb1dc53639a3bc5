import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure, type Page } from '#libs/kernel';
import {
  ListSubmissions,
  ReadAssignments,
  ReadSubmission,
  ReviewSubmission,
  type AssignmentView,
  type SubmissionView,
} from '#libs/grading';
import type { Actor } from '#libs/identity';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { AssignmentType } from './assignment.type.js';
import {
  ReviewSubmissionInput,
  ReviewSubmissionResult,
  reviewSubmissionSchema,
  SubmissionConnection,
} from './review.type.js';
import { assignmentOf, toScoreNode, toSubmissionNode, type SubmissionNode } from './submission.node.js';
import { SubmissionType, type ScoreType } from './submission.type.js';

/** Work that was handed in, and settling it. */
@Resolver(() => SubmissionType)
export class ReviewResolver {
  constructor(
    private readonly list: ListSubmissions,
    private readonly review: ReviewSubmission,
    private readonly assignments: ReadAssignments,
    private readonly read: ReadSubmission,
  ) {}

  @Query(() => SubmissionConnection, {
    description: 'Work that was handed in for a course, newest first: your own, or, for its teachers, everybody’s.',
  })
  async submissions(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args('assignmentId', { type: () => Uuid, nullable: true, description: 'Only for this assignment.' })
    assignmentId?: string | null,
    @Args('learnerId', { type: () => Uuid, nullable: true, description: 'Only of this learner.' })
    learnerId?: string | null,
  ): Promise<Connection<SubmissionNode>> {
    const filter = { courseId, assignmentId: assignmentId ?? null, learnerId: learnerId ?? null };
    return toSubmissions(orThrow(await this.list.execute(actor, filter, readPageArgs(first, after, byTime))));
  }

  @Mutation(() => ReviewSubmissionResult, {
    description: 'Settles a score: confirms it, or overrides criteria with a reason. For teachers.',
  })
  async reviewSubmission(
    @CurrentActor() actor: Actor,
    @Args('input') input: ReviewSubmissionInput,
  ): Promise<{ score: ScoreType; submission: SubmissionNode; resent: boolean } | Failure> {
    const parsed = parseInput(reviewSubmissionSchema, input);
    if (isFailure(parsed)) return parsed;
    const reviewed = await this.review.execute(actor, parsed);
    if (isFailure(reviewed)) return reviewed;
    const view = reviewed.submission;
    const scores = (await this.read.scoresOf(actor, [view])).get(view);
    const score = scores?.find(({ id }) => id === reviewed.score.id);
    if (score === undefined) throw new Error('The score of a review is not there.');
    return { score: toScoreNode(score), submission: toSubmissionNode(view), resent: reviewed.resent };
  }

  @ResolveField(() => AssignmentType)
  assignment(@Parent() node: SubmissionNode): AssignmentView {
    return assignmentOf(node, this.assignments);
  }
}

function toSubmissions(page: Page<SubmissionView>): Connection<SubmissionNode> {
  return toConnection(
    page,
    byTime,
    ({ submission }) => ({ at: submission.receivedAt, id: submission.id }),
    toSubmissionNode,
  );
}
