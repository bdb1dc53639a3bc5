import { Args, Query, Resolver } from '@nestjs/graphql';
import { writtenDay } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import {
  ReadMastery,
  ReadReviews,
  ReadSkillMap,
  type MasteryPoint,
  type SkillMap,
  type SkillMastery,
} from '#libs/tutoring';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { DueReviewType, MasteryPointType, SkillMapType, SkillMasteryType } from './mastery.type.js';

/** What has been mastered, by one learner or by a class, and what is about to be forgotten. */
@Resolver()
export class MasteryResolver {
  constructor(
    private readonly read: ReadMastery,
    private readonly reviews: ReadReviews,
    private readonly map: ReadSkillMap,
  ) {}

  @Query(() => [SkillMasteryType], {
    description: 'Mastery of each skill of a course: yours, or, for its teachers, a learner’s.',
  })
  async mastery(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args('learnerId', { type: () => Uuid, nullable: true }) learnerId?: string | null,
  ): Promise<SkillMastery[]> {
    return orThrow(await this.read.execute(actor, courseId, learnerId ?? actor.userId));
  }

  @Query(() => [MasteryPointType], {
    description:
      'How mastery of a skill went from response to response, the latest 500 of them: yours, or, for the teachers of the ' +
      'course, a learner’s.',
  })
  async masteryHistory(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args('skillId', { type: () => Uuid }) skillId: string,
    @Args('learnerId', { type: () => Uuid, nullable: true }) learnerId?: string | null,
  ): Promise<readonly MasteryPoint[]> {
    return orThrow(await this.read.history(actor, courseId, learnerId ?? actor.userId, skillId));
  }

  @Query(() => [DueReviewType], {
    description:
      'Mastered skills that are due for review today, the least well recalled first: yours, or, for the teachers of the ' +
      'course, a learner’s.',
  })
  async dueReviews(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args('learnerId', { type: () => Uuid, nullable: true }) learnerId?: string | null,
  ): Promise<DueReviewType[]> {
    const due = orThrow(await this.reviews.execute(actor, courseId, learnerId ?? actor.userId));
    return due.map((review) => ({ ...review, dueOn: writtenDay(review.dueOn) }));
  }

  @Query(() => SkillMapType, { description: 'How far your class has come with each skill of a course that you teach.' })
  async skillMap(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
  ): Promise<SkillMap> {
    return orThrow(await this.map.execute(actor, courseId));
  }
}
