import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  ManageCourses,
  ReadCourses,
  SaveSkillGraph,
  type Course as CourseModel,
  type SavedSkillGraph,
} from '#libs/learning';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byId } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import {
  CreateCourseInput,
  createCourseSchema,
  SaveSkillGraphInput,
  saveSkillGraphSchema,
  UpdateCourseInput,
  updateCourseSchema,
} from './course.input.js';
import { Course, CourseConnection, CourseResult, SkillGraphResult } from './course.type.js';

/** Courses: finding, making and changing them. */
@Resolver()
export class CourseResolver {
  constructor(
    private readonly read: ReadCourses,
    private readonly manage: ManageCourses,
    private readonly saveGraph: SaveSkillGraph,
  ) {}

  @Query(() => CourseConnection, {
    description: 'The courses that you take part in; administrators and services see all of the institution.',
  })
  async courses(
    @CurrentActor() actor: Actor,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args('withArchived', { defaultValue: false, description: 'Also those that were put away.' })
    withArchived: boolean = false,
  ): Promise<Connection<CourseModel>> {
    const page = await this.read.list(actor, readPageArgs(first, after, byId), { withArchived });
    return toConnection(
      page,
      byId,
      ({ id }) => id,
      (course) => course,
    );
  }

  @Query(() => Course, { nullable: true, description: 'A course that you take part in; null when there is none.' })
  async course(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<CourseModel | null> {
    return this.read.find(actor, id);
  }

  @Mutation(() => CourseResult, { description: 'Creates a course. A teacher who creates one teaches it.' })
  async createCourse(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateCourseInput,
  ): Promise<CourseModel | Failure> {
    const parsed = parseInput(createCourseSchema, input);
    return isFailure(parsed) ? parsed : this.manage.create(actor, parsed);
  }

  @Mutation(() => CourseResult, { description: 'Changes a course that you teach.' })
  async updateCourse(
    @CurrentActor() actor: Actor,
    @Args('input') { courseId, ...change }: UpdateCourseInput,
  ): Promise<CourseModel | Failure> {
    const parsed = parseInput(updateCourseSchema, change);
    return isFailure(parsed) ? parsed : this.manage.update(actor, courseId, parsed);
  }

  @Mutation(() => CourseResult, { description: 'Puts a course away. Doing it again is harmless.' })
  async archiveCourse(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<CourseModel | Failure> {
    return this.manage.archive(actor, courseId);
  }

  @Mutation(() => CourseResult, { description: 'Takes a course out again that was put away.' })
  async restoreCourse(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<CourseModel | Failure> {
    return this.manage.restore(actor, courseId);
  }

  @Mutation(() => SkillGraphResult, {
    description: 'Replaces the skills of a course and their prerequisites. Skills that activities practise must stay.',
  })
  async saveSkillGraph(
    @CurrentActor() actor: Actor,
    @Args('input') input: SaveSkillGraphInput,
  ): Promise<SavedSkillGraph | Failure> {
    const parsed = parseInput(saveSkillGraphSchema, input);
    return isFailure(parsed) ? parsed : this.saveGraph.execute(actor, parsed.courseId, parsed.skills);
  }
}
