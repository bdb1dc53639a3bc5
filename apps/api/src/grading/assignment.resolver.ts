import { Args, Context, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type DataLoader from 'dataloader';
import { isFailure, type Failure } from '#libs/kernel';
import {
  ManageAssignments,
  ReadAssignments,
  type Assignment,
  type AssignmentView,
  type PinnedActivity,
} from '#libs/grading';
import type { Actor } from '#libs/identity';
import { ReadLanguages, toActivityView, type ActivityView } from '#libs/tutoring';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { LearnerActivity } from '../tutoring/activity.type.js';
import {
  AssignmentConnection,
  AssignmentType,
  CloseAssignmentResult,
  CreateAssignmentInput,
  createAssignmentSchema,
  CreateAssignmentResult,
  RevealLearnersResult,
  UpdateAssignmentInput,
  UpdateAssignmentResult,
  updateAssignmentSchema,
} from './assignment.type.js';

/** Visual work: teachers set it, learners find it. */
@Resolver(() => AssignmentType)
export class AssignmentResolver {
  constructor(
    private readonly manage: ManageAssignments,
    private readonly read: ReadAssignments,
    private readonly languages: ReadLanguages,
  ) {}

  @Query(() => AssignmentConnection, { description: 'The assignments of a course of yours, newest first.' })
  async assignments(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<AssignmentView>> {
    const page = orThrow(await this.read.list(actor, courseId, readPageArgs(first, after, byTime)));
    return toConnection(
      page,
      byTime,
      ({ createdAt: at, id }) => ({ at, id }),
      (assignment) => assignment,
    );
  }

  @Query(() => AssignmentType, { description: 'An assignment of a course of yours.' })
  async assignment(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<AssignmentView> {
    return orThrow(await this.read.one(actor, id));
  }

  @Mutation(() => CreateAssignmentResult, {
    description: 'Sets a visual assignment. It stays with the present version of its activity. For teachers.',
  })
  async createAssignment(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateAssignmentInput,
  ): Promise<AssignmentView | Failure> {
    const parsed = parseInput(createAssignmentSchema, input);
    return isFailure(parsed) ? parsed : this.toView(await this.manage.create(actor, parsed));
  }

  @Mutation(() => UpdateAssignmentResult, {
    description: 'Changes title, stakes, who releases scores, and dates. For teachers.',
  })
  async updateAssignment(
    @CurrentActor() actor: Actor,
    @Args('input') { id, ...change }: UpdateAssignmentInput,
  ): Promise<AssignmentView | Failure> {
    const parsed = parseInput(updateAssignmentSchema, change);
    return isFailure(parsed) ? parsed : this.toView(await this.manage.update(actor, id, parsed));
  }

  @Mutation(() => CloseAssignmentResult, {
    description: 'Takes no more work from now on. Closing again is harmless. For teachers.',
  })
  async closeAssignment(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<AssignmentView | Failure> {
    return this.toView(await this.manage.close(actor, id));
  }

  @Mutation(() => RevealLearnersResult, {
    description: 'Shows teachers who handed in what for an anonymous assignment, for good. For teachers.',
  })
  async revealLearners(
    @CurrentActor() actor: Actor,
    @Args('assignmentId', { type: () => Uuid }) assignmentId: string,
  ): Promise<AssignmentView | Failure> {
    return this.toView(await this.manage.reveal(actor, assignmentId));
  }

  @ResolveField(() => LearnerActivity, {
    nullable: true,
    description:
      'What is to be done, in the version that the assignment stays with, in your language where that is there. Null for learners before it opens.',
  })
  async activity(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
  ): Promise<ActivityView | null> {
    const languages = loaderOf(context, 'own languages', async (ids: readonly string[]) => {
      const own = await this.languages.execute(actor);
      return new Map(ids.map((id) => [id, own]));
    });
    const [pinned, own] = await Promise.all([
      this.activitiesOf(actor, context).load(assignment),
      languages.load(actor.userId),
    ]);
    return pinned === null ? null : toActivityView(pinned, own ?? []);
  }

  @ResolveField(() => String, {
    nullable: true,
    description: 'Of a project, the path of its images (zip); needs the token too. Null for learners before it opens.',
  })
  async handOut(
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Parent() assignment: AssignmentView,
  ): Promise<string | null> {
    const pinned = await this.activitiesOf(actor, context).load(assignment);
    return pinned?.content.form.kind === 'file' ? `/assignments/${assignment.id}/hand-out.zip` : null;
  }

  private activitiesOf(actor: Actor, context: GraphqlContext): DataLoader<AssignmentView, PinnedActivity | null> {
    return loaderOf(context, 'activity of assignment', (views: readonly AssignmentView[]) =>
      this.read.activitiesOf(actor, views),
    );
  }

  private toView(outcome: Assignment | Failure): AssignmentView | Failure {
    return isFailure(outcome) ? outcome : this.read.toView(outcome, 'teacher');
  }
}
