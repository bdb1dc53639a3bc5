import { Args, Query, Resolver } from '@nestjs/graphql';
import type { Actor } from '#libs/identity';
import { ReadClassEngagement } from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { ClassPeriod } from './class-engagement.type.js';

/** How a class was engaged over a lesson. */
@Resolver()
export class ClassEngagementResolver {
  constructor(private readonly read: ReadClassEngagement) {}

  @Query(() => [ClassPeriod], {
    description:
      'How a class that you teach was engaged, in periods of five minutes, for a day at most: as a group, never one learner. Periods in which ' +
      'nobody did anything are left out.',
  })
  async classEngagement(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args('from', { type: () => Date }) from: Date,
    @Args('to', { type: () => Date }) to: Date,
  ): Promise<ClassPeriod[]> {
    const periods = orThrow(await this.read.execute(actor, courseId, from, to));
    return periods.map(({ at, learners, shares }) => ({ at: new Date(at), learners, shares: [...shares] }));
  }
}
