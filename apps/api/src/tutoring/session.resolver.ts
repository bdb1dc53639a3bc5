import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { isFailure, type Failure } from '#libs/kernel';
import { closeSessionSchema, openSessionSchema } from '#libs/contracts';
import type { Actor } from '#libs/identity';
import {
  CloseSession,
  NextActivity,
  OpenSession,
  ReadSessions,
  type OpenedSession,
  type Recommendation,
  type Session,
} from '#libs/tutoring';
import { pageArgs, readPageArgs, toConnection, type Connection } from '../graphql/connection.type.js';
import { CurrentActor } from '../graphql/context.js';
import { byTime } from '../graphql/cursor.js';
import { Uuid } from '../graphql/scalars.js';
import { orThrow } from '../request/failure.js';
import { parseInput } from '../request/input.js';
import {
  CloseSessionResult,
  OpenSessionInput,
  OpenSessionResult,
  RecommendationType,
  SessionConnection,
  SessionType,
} from './tutoring.type.js';

/** Learning sessions, and what comes next in them. */
@Resolver()
export class SessionResolver {
  constructor(
    private readonly open: OpenSession,
    private readonly close: CloseSession,
    private readonly next: NextActivity,
    private readonly readSessions: ReadSessions,
  ) {}

  @Mutation(() => OpenSessionResult, { description: 'Opens a learning session and recommends the first activity.' })
  async openSession(
    @CurrentActor() actor: Actor,
    @Args('input') input: OpenSessionInput,
  ): Promise<OpenedSession | Failure> {
    const parsed = parseInput(openSessionSchema, {
      ...input,
      graded: input.graded ?? false,
      at: input.at.getTime(),
    });
    return isFailure(parsed) ? parsed : this.open.execute(actor, parsed);
  }

  @Mutation(() => CloseSessionResult, { description: 'Closes a session of yours. Closing it again is harmless.' })
  async closeSession(
    @CurrentActor() actor: Actor,
    @Args('sessionId', { type: () => Uuid }) sessionId: string,
  ): Promise<{ sessionId: string } | Failure> {
    const parsed = parseInput(closeSessionSchema, { sessionId });
    return isFailure(parsed) ? parsed : this.close.execute(actor, parsed.sessionId);
  }

  @Query(() => RecommendationType, {
    nullable: true,
    description: 'The recommendation that stands in a session of yours; null when there is nothing to choose.',
  })
  async nextActivity(
    @CurrentActor() actor: Actor,
    @Args('sessionId', { type: () => Uuid }) sessionId: string,
  ): Promise<Recommendation | null> {
    return orThrow(await this.next.execute(actor, sessionId));
  }

  @Query(() => SessionType, {
    nullable: true,
    description: 'A session of yours, or of a learner of a course that you teach.',
  })
  async session(@CurrentActor() actor: Actor, @Args('id', { type: () => Uuid }) id: string): Promise<Session | null> {
    return this.readSessions.one(actor, id);
  }

  @Query(() => SessionConnection, {
    description: 'Sessions in a course, the latest first: yours, or, for its teachers, a learner’s.',
  })
  async sessions(
    @CurrentActor() actor: Actor,
    @Args('courseId', { type: () => Uuid }) courseId: string,
    @Args(pageArgs.first) first: number,
    @Args(pageArgs.after) after?: string | null,
    @Args('learnerId', { type: () => Uuid, nullable: true }) learnerId?: string | null,
  ): Promise<Connection<SessionType>> {
    const page = orThrow(
      await this.readSessions.ofLearner(actor, courseId, learnerId ?? actor.userId, readPageArgs(first, after, byTime)),
    );
    return toConnection(
      page,
      byTime,
      ({ openedAt: at, id }) => ({ at, id }),
      (session) => session,
    );
  }
}
