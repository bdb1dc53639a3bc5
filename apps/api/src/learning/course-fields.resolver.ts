import { Args, Context, Parent, ResolveField, Resolver } from '@nestjs/graphql';
import { fail, FailureError } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  activityKinds,
  ReadActivities,
  ReadCourses,
  type ActivityKind,
  type Course as CourseModel,
  type CurrentActivity,
  type Skill as SkillModel,
} from '#libs/learning';
import { BrowseActivities, type ActivityView } from '#libs/tutoring';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor, type GraphqlContext } from '../graphql/context.js';
import { byId, byNumber } from '../graphql/cursor.js';
import { loaderOf } from '../graphql/loader.js';
import { oneOf } from '../graphql/one-of.js';
import { ActivityConnection, LearnerActivityConnection } from './activity.type.js';
import { Course, Enrolment, EnrolmentConnection, Skill, toEnrolment } from './course.type.js';

const kindArgs = {
  name: 'kind',
  type: () => String,
  nullable: true,
  description: `Only activities of this kind: ${oneOf(activityKinds)}`,
};

/** What hangs on a course. However many courses an operation lists, each of these is read once. */
@Resolver(() => Course)
export class CourseFieldsResolver {
  constructor(
    private readonly courses: ReadCourses,
    private readonly read: ReadActivities,
    private readonly browse: BrowseActivities,
  ) {}

  @ResolveField(() => [Skill], { description: 'Skills in teaching order.' })
  async skills(
    @Parent() { id }: CourseModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<SkillModel[]> {
    const loader = loaderOf(context, 'skills of courses', (ids: readonly string[]) => this.courses.skills(actor, ids));
    return (await loader.load(id)) ?? [];
  }

  @ResolveField(() => ActivityConnection, {
    nullable: true,
    description: 'For teachers: the activities with their keys. Null for learners, who have learnerActivities.',
  })
  async activities(
    @Parent() { id }: CourseModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args(kindArgs) kind?: string | null,
    @Args('withArchived', { defaultValue: false, description: 'Also those that were put away.' })
    withArchived: boolean = false,
  ): Promise<Connection<CurrentActivity> | null> {
    const request = { ...readPageArgs(first, after, byNumber), kind: readKind(kind), withArchived };
    const loader = loaderOf(context, `activities of courses ${JSON.stringify(request)}`, (ids: readonly string[]) =>
      this.read.forTeachers(actor, ids, request),
    );
    const page = await loader.load(id);
    return page && toConnection(page, byNumber, keyOf, (activity) => activity);
  }

  @ResolveField(() => LearnerActivityConnection, {
    description: 'The activities that are taught, as a learner sees them.',
  })
  async learnerActivities(
    @Parent() { id }: CourseModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args(kindArgs) kind?: string | null,
    @Args('language', {
      type: () => String,
      nullable: true,
      description: 'Translated to it where that is there; else to yours.',
    })
    language?: string | null,
  ): Promise<Connection<ActivityView>> {
    const request = { ...readPageArgs(first, after, byNumber), kind: readKind(kind), language: language ?? null };
    const name = `learners’ activities of courses ${JSON.stringify(request)}`;
    const loader = loaderOf(context, name, (ids: readonly string[]) => this.browse.execute(actor, ids, request));
    const page = (await loader.load(id)) ?? { items: [], hasMore: false };
    return toConnection(page, byNumber, keyOf, (activity) => activity);
  }

  @ResolveField(() => EnrolmentConnection, {
    nullable: true,
    description: 'For teachers: who takes part and who took part. Null for learners.',
  })
  async enrolments(
    @Parent() { id }: CourseModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<Enrolment> | null> {
    const request = readPageArgs(first, after, byId);
    const loader = loaderOf(context, `enrolments of courses ${JSON.stringify(request)}`, (ids: readonly string[]) =>
      this.courses.enrolments(actor, ids, request),
    );
    const page = await loader.load(id);
    return page && toConnection(page, byId, ({ userId }) => userId, toEnrolment);
  }

  @ResolveField(() => Enrolment, { nullable: true, description: 'What you are in the course; null for nothing.' })
  async myEnrolment(
    @Parent() { id }: CourseModel,
    @CurrentActor() actor: Actor,
    @Context() context: GraphqlContext,
  ): Promise<Enrolment | null> {
    const loader = loaderOf(context, 'own enrolments', (ids: readonly string[]) =>
      this.courses.ownEnrolments(actor, ids),
    );
    const own = await loader.load(id);
    return own && toEnrolment(own);
  }
}

function keyOf({ number }: { readonly number: number }): number {
  return number;
}

function readKind(kind: string | null | undefined): ActivityKind | null {
  if (kind === null || kind === undefined) return null;
  const known = activityKinds.find((one) => one === kind);
  if (known === undefined) throw new FailureError(fail('INVALID_INPUT', `\`kind\` must be ${oneOf(activityKinds)}`));
  return known;
}
