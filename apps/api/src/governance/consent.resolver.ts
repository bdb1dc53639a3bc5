import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import {
  ReadConsents,
  RecordConsent,
  type ConsentRecord,
  type ConsentStanding as ConsentStandingModel,
} from '#libs/governance';
import type { Actor } from '#libs/identity';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { parseInput } from '../request/input.js';
import {
  ConsentRecordConnection,
  ConsentStanding,
  RecordConsentInput,
  RecordConsentResult,
  recordConsentSchema,
} from './consent.type.js';

/** What people agreed to. */
@Resolver()
export class ConsentResolver {
  constructor(
    private readonly record: RecordConsent,
    private readonly read: ReadConsents,
  ) {}

  @Query(() => ConsentRecordConnection, {
    nullable: true,
    description: 'Consent records, the newest first: yours, or, for administrators and services, a learner’s.',
  })
  async consents(
    @CurrentActor() actor: Actor,
    @Args('learnerId', { type: () => Uuid }) learnerId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
  ): Promise<Connection<ConsentRecord> | null> {
    const page = await this.read.list(actor, learnerId, readPageArgs(first, after, byTime));
    return (
      page &&
      toConnection(
        page,
        byTime,
        ({ recordedAt: at, id }) => ({ at, id }),
        (item) => item,
      )
    );
  }

  @Query(() => [ConsentStanding], {
    nullable: true,
    description: 'How things stand now with each purpose: for you, or, for administrators and services, a learner.',
  })
  async consentStanding(
    @CurrentActor() actor: Actor,
    @Args('learnerId', { type: () => Uuid }) learnerId: string,
  ): Promise<ConsentStandingModel[] | null> {
    return this.read.standing(actor, learnerId);
  }

  @Mutation(() => RecordConsentResult, {
    description: 'Records a decision: your own, or, for administrators and services, what a guardian decided.',
  })
  async recordConsent(
    @CurrentActor() actor: Actor,
    @Args('input') input: RecordConsentInput,
  ): Promise<ConsentRecord | Failure> {
    const parsed = parseInput(recordConsentSchema, input);
    return isFailure(parsed) ? parsed : this.record.execute(actor, parsed);
  }
}
