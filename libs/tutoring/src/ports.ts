import type { Failure, NewEvent, StreamedEvent, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityContent, Modality } from '#libs/learning';
import type { CourseCatalogue } from './model/course-catalogue.js';
import type { LearnerState } from './model/learner-state.js';
import type {
  DecisionRecord,
  HintRecord,
  InteractionRecord,
  InterventionRecord,
  ResponseRecord,
} from './model/records.js';

/** One learner in one open session, with her row locked. */
export interface Situation {
  readonly courseId: string;
  readonly sessionId: string;
  readonly sessionClosed: boolean;
  /** Of the course, as it stands in the database. */
  readonly courseRevision: number;
  readonly state: LearnerState;
  readonly languages: readonly string[];
  readonly excludedModalities: readonly Modality[];
}

/** Everything that one act changes, stored in one transaction. */
export interface Effect {
  readonly state: LearnerState;
  readonly response?: ResponseRecord;
  readonly interaction?: InteractionRecord;
  readonly hint?: HintRecord;
  readonly decision?: DecisionRecord;
  readonly intervention?: InterventionRecord;
  readonly events: readonly NewEvent[];
}

/** An earlier request with the same id. */
export type Earlier<R> = { readonly sameBody: boolean; readonly record: R };

/** What was decided inside an act: an answer for the caller and, unless nothing changes, an effect. */
export interface Verdict<T> {
  readonly value: T;
  readonly effect: Effect | null;
}

export interface ActKinds {
  response: ResponseRecord;
  interaction: InteractionRecord;
  hint: HintRecord;
}

/** Names the act: which session, which client-made id, which body. */
export interface ActRequest<K extends keyof ActKinds> {
  readonly kind: K;
  readonly id: string;
  readonly sessionId: string;
  /** The parsed input; a resend must hash to the same value. */
  readonly body: object;
}

/**
 * The memory of tutoring. `act` takes the lock of the learner's row, lets `decide` look at the situation, stores the
 * effect and commits, all in one transaction; what it returned is durable.
 */
export abstract class TutoringStore {
  abstract act<K extends keyof ActKinds, T>(
    actor: Actor,
    request: ActRequest<K>,
    decide: (situation: Situation, earlier: Earlier<ActKinds[K]> | null) => Promise<Verdict<T>>,
  ): Promise<{ readonly value: T; readonly events: readonly StreamedEvent[] } | Failure>;

  /** Opens a session, or finds the one with this id again; makes the learner's row where there is none. */
  abstract openSession(
    actor: Actor,
    session: { readonly id: string; readonly courseId: string; readonly deviceAt: Date; readonly now: Date },
    decide: (situation: Situation, standing: DecisionRecord | null) => Promise<Verdict<DecisionRecord | null>>,
  ): Promise<
    | {
        readonly decision: DecisionRecord | null;
        readonly events: readonly StreamedEvent[];
        readonly state: LearnerState;
      }
    | Failure
  >;

  abstract closeSession(actor: Actor, sessionId: string, now: Date): Promise<'closed' | Failure>;

  /** The decision that stands in a session of the actor's. */
  abstract standing(
    actor: Actor,
    sessionId: string,
  ): Promise<
    { readonly courseId: string; readonly courseRevision: number; readonly decision: DecisionRecord | null } | Failure
  >;

  abstract findDecision(actor: Actor, decisionId: string): Promise<DecisionRecord | null>;

  /** Notes the learner's reaction to an offer; an offer takes one reaction. */
  abstract react(
    actor: Actor,
    interventionId: string,
    reaction: 'accepted' | 'dismissed',
    now: Date,
  ): Promise<{ readonly courseId: string; readonly activityId: string; readonly activityVersion: number } | Failure>;

  /** The learner's state in a course, unlocked; null before her first session. */
  abstract findState(actor: Actor, learnerId: string, courseId: string): Promise<LearnerState | null>;
}

/** Courses as the tutoring sees them, kept in memory by revision. */
export abstract class CatalogueSource {
  /** The catalogue of a course at the given revision or a later one; null when there is no such course. */
  abstract getCatalogue(actor: Actor, courseId: string, revision: number | 'latest'): Promise<CourseCatalogue | null>;
  /** One version of an activity, current or not. */
  abstract findVersion(
    actor: Actor,
    activityId: string,
    version: number,
  ): Promise<{
    readonly content: ActivityContent;
    readonly difficulty: number;
    readonly skillIds: readonly string[];
    readonly minutes: number;
  } | null>;
}

/** A stretch of learning in one course. */
export interface Session {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  /** By the clock of the device. */
  readonly deviceAt: Date;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

/** Sessions, for reading. Runs inside a unit of work. */
export abstract class SessionRepository {
  abstract findSession(id: string): Promise<Session | null>;
  /** The learner's sessions in a course, the latest first. */
  abstract listSessions(learnerId: string, courseId: string, page: PageRequest<TimeKey>): Promise<Page<Session>>;
}
