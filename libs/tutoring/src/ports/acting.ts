import type { Failure, NewEvent, Page, PageRequest, StreamedEvent, TimeKey } from '#libs/kernel';
import type { EngagementEstimate } from '#libs/engagement';
import type { ConsentRecord, SensedInstitution, SensingCeilings } from '#libs/governance';
import type { Actor } from '#libs/identity';
import type { CourseRole, StoredAccommodations } from '#libs/learning';
import type { OfferReaction } from '#libs/recommendation';
import type { LearnerState } from '../model/learner-state.js';
import type {
  DecisionRecord,
  HintRecord,
  InteractionRecord,
  InterventionRecord,
  ResponseRecord,
} from '../model/records.js';
import type { Learner } from '../policy/choose-activity.js';
import type { MasteryPoint } from '../use-cases/read-mastery.js';

/** One learner in one session, with her row locked. */
export interface Situation {
  readonly courseId: string;
  readonly sessionId: string;
  readonly sessionClosed: boolean;
  /** Whether a trusted service opened the session for her, and can say what is correct. */
  readonly openedByService: boolean;
  readonly learnerId: string;
  /** What she is called in what is kept of her: pins for her alone name her by it, and by it she falls into an arm of a plan. */
  readonly pseudonym: string;
  /** Whether what is done in the session counts towards a grade. */
  readonly graded: boolean;
  /** How closely it may be looked at how she is doing; the catalogue says it of the activity. */
  readonly sensing: {
    readonly ceilings: Omit<SensingCeilings, 'activity'>;
    /** Whether she, or whoever decides for her, has withdrawn from being looked at by her behaviour. */
    readonly isWithdrawn: boolean;
    /** Whether it is looked at that she leaves the page. */
    readonly watchesPresence: boolean;
  };
  /** Whether she wants no ways of choosing compared upon her. */
  readonly optedOut: boolean;
  /** Whether her enrolment has ended. */
  readonly hasLeft: boolean;
  /** Of the course, as it stands in the database. */
  readonly courseRevision: number;
  /** Number of the population weights of the course. */
  readonly modelSnapshot: number;
  /** Number of what is known of how help has done there. */
  readonly helpNumber: number;
  /** Where the institution's clocks hang, as an IANA name. */
  readonly timeZone: string;
  readonly state: LearnerState;
  /** Hers, then the course's. */
  readonly languages: readonly string[];
  readonly accommodations: StoredAccommodations;
}

/** Everything that one act changes, stored in one transaction. */
export interface Effect {
  readonly at: Date;
  readonly state: LearnerState;
  readonly response?: ResponseRecord;
  readonly interaction?: InteractionRecord;
  readonly hint?: HintRecord;
  readonly decision?: DecisionRecord;
  readonly intervention?: InterventionRecord;
  /** What her behaviour suggests now. */
  readonly estimate?: EngagementEstimate;
  readonly events: readonly NewEvent[];
}

/** An earlier request with the same id. */
export type Earlier<R> = { readonly sameBody: boolean; readonly record: R };

/** What was decided inside an act: an answer for the caller and, unless nothing changes, an effect. */
export interface Verdict<T> {
  readonly value: T;
  readonly effect: Effect | null;
}

/** What became of a verdict: its answer, and the events of its effect with their numbers. */
export interface Acted<T> {
  readonly value: T;
  readonly events: readonly StreamedEvent[];
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

/** A session that is to be opened. */
export interface NewSession {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  /** The service that opens it for her; null where she does. */
  readonly openedBy: string | null;
  /** Whether what is done in it counts towards a grade. */
  readonly graded: boolean;
  readonly deviceAt: Date;
  readonly now: Date;
}

/** What somebody is in a course that there is. */
export interface Membership {
  /** Null for nobody. */
  readonly role: CourseRole | null;
  readonly hasLeft: boolean;
  readonly courseArchived: boolean;
}

/** The recommendation that stands in a session. */
export interface StandingDecision extends Pick<
  Situation,
  'courseId' | 'courseRevision' | 'hasLeft' | 'languages' | 'openedByService' | 'graded'
> {
  readonly decision: DecisionRecord | null;
}

/** A stored decision, for whom it was made, and which languages its reader has: her own, then the course's. */
export interface FoundDecision {
  readonly courseId: string;
  readonly learnerId: string;
  readonly learner: Learner;
  readonly languages: readonly string[];
  readonly decision: DecisionRecord;
}

/** A stored offer, to whom it was made, and which languages its reader has: her own, then the course's. */
export interface FoundOffer extends Pick<FoundDecision, 'courseId' | 'learnerId' | 'languages'> {
  readonly pseudonym: string;
  readonly offer: InterventionRecord;
}

/** Whether learners let their teachers see what is estimated of their engagement. */
export abstract class EngagementSharing {
  abstract isShared(actor: Actor, pseudonym: string, now: Date): Promise<boolean>;
}

/** An offer of help, with its row locked. */
export interface StandingOffer
  extends
    Pick<Situation, 'courseId' | 'hasLeft' | 'languages'>,
    Pick<InterventionRecord, 'activityId' | 'activityVersion' | 'state'> {}

/** What a learner made of an offer. */
export interface Reaction {
  readonly interventionId: string;
  readonly reaction: OfferReaction;
  readonly deviceAt: Date;
  readonly now: Date;
}

/**
 * The memory of tutoring. A session is the actor's when she is its learner, or opened it for one. What runs inside a
 * lock must not ask this store for anything: it would wait for a second connection while it holds one.
 */
export abstract class TutoringStore {
  /**
   * Takes the lock of the learner's row, lets `decide` look at the situation, stores the effect and commits, all in one
   * transaction; what it returned is durable. Null when the actor has no such session.
   */
  abstract act<K extends keyof ActKinds, T>(
    actor: Actor,
    request: ActRequest<K>,
    decide: (situation: Situation, earlier: Earlier<ActKinds[K]> | null) => Promise<Verdict<T>>,
  ): Promise<Acted<T> | null>;

  /**
   * Opens a session, or finds the one with this id again; makes the learner's row where there is none. `refuse` looks at
   * her membership before anything is stored; `decide` has the situation, locked, and the recommendation that stands.
   * Null when the id belongs to another session.
   */
  abstract openSession<T>(
    actor: Actor,
    session: NewSession,
    refuse: (membership: Membership | null) => Failure | null,
    decide: (situation: Situation, standing: DecisionRecord | null) => Promise<Verdict<T>>,
  ): Promise<Acted<T> | Failure | null>;

  /** Tells whether the actor has such a session; it is closed then. */
  abstract closeSession(actor: Actor, sessionId: string, now: Date): Promise<boolean>;

  /** The decision that stands in a session of the actor's. */
  abstract findStanding(actor: Actor, sessionId: string): Promise<StandingDecision | null>;

  /** Whoever shows it to somebody asks first whether she may see it. */
  abstract findDecision(actor: Actor, decisionId: string): Promise<FoundDecision | null>;

  /** A stored offer, whoever it was made to. */
  abstract findIntervention(actor: Actor, id: string): Promise<FoundOffer | null>;
  /** The offer that followed a response, interaction or hint of a learner. */
  abstract findOffer(actor: Actor, learnerId: string, causeId: string): Promise<InterventionRecord | null>;

  /** Stores a reaction to an offer to a learner of the actor's, unless `refuse` does; null when there is no such offer. */
  abstract react(
    actor: Actor,
    reaction: Reaction,
    refuse: (offer: StandingOffer) => Failure | null,
  ): Promise<StandingOffer | Failure | null>;

  /** The languages that the actor reads. */
  abstract findLanguages(actor: Actor): Promise<string[]>;

  /** The latest changes of a learner's mastery of a skill, the latest last. */
  abstract listMastery(
    actor: Actor,
    wanted: {
      readonly learnerId: string;
      readonly courseId: string;
      readonly skillId: string;
      readonly atMost: number;
    },
  ): Promise<readonly MasteryPoint[]>;

  /** The learner's state in a course, unlocked; null before her first session. */
  abstract findState(actor: Actor, learnerId: string, courseId: string): Promise<LearnerState | null>;
}

/** A stretch of learning in one course. */
export interface Session {
  readonly id: string;
  readonly courseId: string;
  readonly learnerId: string;
  /** The service that opened it for the learner; null where she did. */
  readonly openedBy: string | null;
  /** Whether what was done in it counts towards a grade. */
  readonly graded: boolean;
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

/** A session, with all that has a say in how closely it may be looked. */
export interface SampledSession {
  readonly courseId: string;
  readonly courseRevision: number;
  readonly closed: boolean;
  readonly graded: boolean;
  /** What is in front of the learner; null where that is not known. */
  readonly activityId: string | null;
  readonly institution: SensedInstitution;
  readonly ceilings: Omit<SensingCeilings, 'activity'>;
  /** The last records of the learner. */
  readonly consents: readonly ConsentRecord[];
}

/** Sessions for which samples come in, several times a minute for each: one question. */
export abstract class SamplingSource {
  /** Null where the actor has no such session, as its learner or as the service that opened it. */
  abstract findSession(actor: Actor, sessionId: string): Promise<SampledSession | null>;
}
