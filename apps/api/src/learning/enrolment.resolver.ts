import { Args, Field, InputType, Mutation, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { courseRoles, ManageEnrolments, type NamedEnrolment } from '#libs/learning';
import { CurrentActor } from '../graphql/context.js';
import { oneOf } from '../graphql/one-of.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import { EnrolmentResult, toEnrolment, type Enrolment } from './course.type.js';

@InputType()
export class EnrolInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  userId!: string;

  @Field({ description: oneOf(courseRoles) })
  role!: string;
}

@InputType()
export class EndEnrolmentInput {
  @Field(() => Uuid)
  courseId!: string;

  @Field(() => Uuid)
  userId!: string;
}

const enrolSchema = z.strictObject({ courseId: z.string(), userId: z.string(), role: z.enum(courseRoles) });

/** Who takes part in a course. */
@Resolver()
export class EnrolmentResolver {
  constructor(private readonly manage: ManageEnrolments) {}

  @Mutation(() => EnrolmentResult, {
    description: 'Enrols somebody, or changes her role; one who left comes back. For administrators and services.',
  })
  async enrol(@CurrentActor() actor: Actor, @Args('input') input: EnrolInput): Promise<Enrolment | Failure> {
    const parsed = parseInput(enrolSchema, input);
    return isFailure(parsed) ? parsed : shown(await this.manage.enrol(actor, parsed));
  }

  @Mutation(() => EnrolmentResult, { description: 'Ends an enrolment. For administrators and services.' })
  async endEnrolment(
    @CurrentActor() actor: Actor,
    @Args('input') input: EndEnrolmentInput,
  ): Promise<Enrolment | Failure> {
    return shown(await this.manage.end(actor, input));
  }
}

function shown(outcome: NamedEnrolment | Failure): Enrolment | Failure {
  return isFailure(outcome) ? outcome : toEnrolment(outcome);
}
