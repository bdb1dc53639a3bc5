import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import {
  ReadSensing,
  SetPresenceWatch,
  SetSensingCeiling,
  type PresenceWatch,
  type SensingCeilingInput,
  type SensingLimit as SensingLimitModel,
} from '#libs/governance';
import type { Actor } from '#libs/identity';
import { CurrentActor } from '../graphql/context.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import {
  Sensing,
  SetPresenceWatchResult,
  SetSensingCeilingInput,
  SetSensingCeilingResult,
  setSensingCeilingSchema,
  type SensingLimit,
} from './sensing.type.js';

/** How closely it may be looked at how learners are doing. */
@Resolver()
export class SensingResolver {
  constructor(
    private readonly read: ReadSensing,
    private readonly set: SetSensingCeiling,
    private readonly presence: SetPresenceWatch,
  ) {}

  @Query(() => Sensing, {
    nullable: true,
    description:
      'How closely it may be looked at how learners are doing, and why no more closely. For a learner: yourself, or, for administrators and ' +
      'services, anybody; without one it says what holds before consent.',
  })
  async sensing(
    @CurrentActor() actor: Actor,
    @Args('graded', {
      type: () => Boolean,
      defaultValue: false,
      description: 'Whether what is done counts towards a grade.',
    })
    graded: boolean,
    @Args('courseId', { type: () => Uuid, nullable: true }) courseId?: string | null,
    @Args('activityId', { type: () => Uuid, nullable: true }) activityId?: string | null,
    @Args('learnerId', { type: () => Uuid, nullable: true }) learnerId?: string | null,
  ): Promise<Sensing | null> {
    const place = { courseId: courseId ?? null, activityId: activityId ?? null, learnerId: learnerId ?? null };
    const sensing = await this.read.execute(actor, place, graded);
    return sensing && { mode: sensing.mode, limits: sensing.limits.map(toLimit) };
  }

  @Mutation(() => SetSensingCeilingResult, {
    description:
      'Sets the most that may be looked at: administrators and services anywhere, teachers in their courses, learners for themselves. What the ' +
      'law of the place forbids is refused with the rule.',
  })
  async setSensingCeiling(
    @CurrentActor() actor: Actor,
    @Args('input') input: SetSensingCeilingInput,
  ): Promise<SensingCeilingInput | Failure> {
    const parsed = parseInput(setSensingCeilingSchema, input);
    return isFailure(parsed) ? parsed : this.set.execute(actor, parsed);
  }

  @Mutation(() => SetPresenceWatchResult, {
    description:
      'Turns on or off that it is looked at when learners leave the page. It is off where nobody has turned it on. For administrators and services.',
  })
  async setPresenceWatch(
    @CurrentActor() actor: Actor,
    @Args('on', { type: () => Boolean }) on: boolean,
  ): Promise<PresenceWatch | Failure> {
    return this.presence.execute(actor, { on });
  }
}

function toLimit(limit: SensingLimitModel): SensingLimit {
  const { by, most } = limit;
  const base = { by, most, rule: null, scope: null, lacksConsentOf: [] };
  if (limit.by === 'law') {
    const { id, title, source, inForceSince, reviewedOn } = limit.rule;
    return { ...base, rule: { id, title, source: source.title, url: source.url, inForceSince, reviewedOn } };
  }
  if (limit.by === 'ceiling') return { ...base, scope: limit.scope };
  return limit.by === 'consent' ? { ...base, lacksConsentOf: limit.lacks.map(({ of }) => of) } : base;
}
