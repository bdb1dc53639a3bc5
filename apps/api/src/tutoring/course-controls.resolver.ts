import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ReadCourseControls, SetCourseControls, type ControlsOfCourse } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import { SetCourseControlsInput, setCourseControlsSchema } from './course-controls.input.js';
import { CourseControlsResult, CourseControlsType } from './course-controls.type.js';

/** What teachers set for what comes next. */
@Resolver()
export class CourseControlsResolver {
  constructor(
    private readonly read: ReadCourseControls,
    private readonly set: SetCourseControls,
  ) {}

  @Query(() => CourseControlsType, {
    description: 'What is set for what comes next in a course that you teach: pins, bans, an order of skills, dates.',
  })
  async courseControls(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<ControlsOfCourse> {
    return orThrow(await this.read.execute(actor, courseId));
  }

  @Mutation(() => CourseControlsResult, {
    description:
      'Sets what is to come next in a course that you teach, in the place of all that was set before. It counts from the next ' +
      'choice on. Setting what stands already changes nothing.',
  })
  async setCourseControls(
    @CurrentActor() actor: Actor,
    @Args('input') input: SetCourseControlsInput,
  ): Promise<ControlsOfCourse | Failure> {
    const parsed = parseInput(setCourseControlsSchema, input);
    return isFailure(parsed) ? parsed : this.set.execute(actor, parsed);
  }
}
