import { Args, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { z } from 'zod';
import { isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { ManageActivities, ReadActivities, type CurrentActivity, type StoredVersion } from '#libs/learning';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import {
  Activity,
  ActivityResult,
  ActivityVersion,
  CreateActivityInput,
  PublishActivityVersionInput,
} from './activity.type.js';
import { externalKeyFields } from '../graphql/external-key.js';

const externalKeySchema = z.object(externalKeyFields);

/** Activities, for those who teach. */
@Resolver()
export class ActivityResolver {
  constructor(
    private readonly read: ReadActivities,
    private readonly manage: ManageActivities,
  ) {}

  @Query(() => Activity, {
    nullable: true,
    description: 'An activity of a course that you teach; null when there is none.',
  })
  async activity(
    @CurrentActor() actor: Actor,
    @Args('id', { type: () => Uuid }) id: string,
  ): Promise<CurrentActivity | null> {
    return this.read.find(actor, id);
  }

  @Query(() => ActivityVersion, {
    nullable: true,
    description: 'One version of an activity of a course that you teach; null when there is none.',
  })
  async activityVersion(
    @CurrentActor() actor: Actor,
    @Args('activityId', { type: () => Uuid }) activityId: string,
    @Args('version', { type: () => Int }) version: number,
  ): Promise<StoredVersion | null> {
    return this.read.findVersion(actor, activityId, version);
  }

  @Mutation(() => ActivityResult, { description: 'Adds an activity to a course that you teach.' })
  async createActivity(
    @CurrentActor() actor: Actor,
    @Args('input') input: CreateActivityInput,
  ): Promise<CurrentActivity | Failure> {
    const key = parseInput(externalKeySchema, input);
    return isFailure(key) ? key : this.manage.create(actor, { ...input, ...key });
  }

  @Mutation(() => ActivityResult, {
    description: 'Makes the next version of an activity the one that is taught. The same content makes no new version.',
  })
  async publishActivityVersion(
    @CurrentActor() actor: Actor,
    @Args('input') { activityId, ...draft }: PublishActivityVersionInput,
  ): Promise<CurrentActivity | Failure> {
    return this.manage.publish(actor, activityId, draft);
  }

  @Mutation(() => ActivityResult, { description: 'Puts an activity away: it is not chosen any more.' })
  async archiveActivity(
    @CurrentActor() actor: Actor,
    @Args('activityId', { type: () => Uuid }) activityId: string,
  ): Promise<CurrentActivity | Failure> {
    return this.manage.archive(actor, activityId);
  }

  @Mutation(() => ActivityResult, { description: 'Takes an activity out again that was put away.' })
  async restoreActivity(
    @CurrentActor() actor: Actor,
    @Args('activityId', { type: () => Uuid }) activityId: string,
  ): Promise<CurrentActivity | Failure> {
    return this.manage.restore(actor, activityId);
  }
}
