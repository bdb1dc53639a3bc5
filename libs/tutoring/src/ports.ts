import type { Failure, NewEvent, StreamedEvent, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityContent, CourseRole, StoredAccommodations } from '#libs/learning';
import type {
  AnswerAfterHelp,
  GivenHelp,
  HelpBanditState,
  HelpOption,
  HelpPlace,
  PolicyPlan,
  StoredPolicy,
} from '#libs/recommendation';
import type { CourseCatalogue } from './model/course-catalogue.js';
import type { StudentModel } from '#libs/mastery';
import type { CourseControls } from '#libs/recommendation';
import type { LearnerState } from './model/learner-state.js';
import type { MasteryPoint } from './use-cases/read-mastery.js';
import type { Learner } from './policy/choose-activity.js';
import type { StoredSnapshot } from './policy/course-model.js';
import type { ReplayedResponse } from './policy/replay.js';
import type {
  DecisionRecord,
  helpOutcomes,
  HintRecord,
  InteractionRecord,
  InterventionRecord,
  ReactionKind,
  ResponseRecord,
} from './model/records.js';

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
  readonly reaction: ReactionKind;
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

/** What has to be asked before a catalogue in memory may be shown to somebody. */
export interface CourseShelf {
  /** Of the course, as it stands in the database. */
  readonly revision: number;
  /** Activities whose assignments have not opened yet. */
  readonly unopened: ReadonlySet<string>;
  /** The actor's own, then the course's. */
  readonly languages: readonly string[];
}

/** How new a catalogue has to be. */
export interface CatalogueNumbers {
  readonly revision: number;
  /** Of the population weights; left out by those who ask for no learner. */
  readonly snapshot?: number;
  /** Of the help bandit; left out by those who offer nothing. */
  readonly help?: number;
}

/** Courses as the tutoring sees them, kept in memory by revision. */
export abstract class CatalogueSource {
  /** What stands around some catalogues now, by course. */
  abstract shelvesOf(actor: Actor, courseIds: readonly string[], now: Date): Promise<ReadonlyMap<string, CourseShelf>>;
  /** Whether an activity may be seen now: it is in no assignment, or in one that has opened. */
  abstract hasOpened(actor: Actor, courseId: string, activityId: string, now: Date): Promise<boolean>;
  /** The catalogue of a course at the given numbers or later ones; null when there is no such course. */
  abstract getCatalogue(
    actor: Actor,
    courseId: string,
    wanted: CatalogueNumbers | 'latest',
  ): Promise<CourseCatalogue | null>;
  /** The student model of a course by one of its snapshots; throws where there is no such snapshot. */
  abstract getModel(actor: Actor, courseId: string, snapshot: number): Promise<StudentModel>;
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
  /** The service that opened it for the learner; null where she did. */
  readonly openedBy: string | null;
  /** Whether what was done in it counts towards a grade. */
  readonly graded: boolean;
  /** By the clock of the device. */
  readonly deviceAt: Date;
  readonly openedAt: Date;
  readonly closedAt: Date | null;
}

/** What is known of the learners of a course, and the responses that it is known from. */
export abstract class LearnerArchive {
  abstract listLearners(actor: Actor, courseId: string): Promise<{ readonly id: string; readonly pseudonym: string }[]>;
  /** The states of those who are enrolled as learners, unlocked. */
  abstract listStates(actor: Actor, courseId: string): Promise<readonly LearnerState[]>;
  /**
   * Locks a learner's state, lets `decide` look at it and, if it asks, at her responses in their order, and stores what it
   * returns; nothing for null.
   */
  abstract revise(
    actor: Actor,
    learnerId: string,
    courseId: string,
    decide: (
      state: LearnerState,
      timeZone: string,
      history: () => Promise<readonly ReplayedResponse[]>,
    ) => Promise<LearnerState | null>,
  ): Promise<void>;
}

/** A course in which somebody is to be looked at, where the institution's clocks hang, and from which day on. */
export interface CourseToReview {
  readonly institutionId: string;
  readonly courseId: string;
  readonly timeZone: string;
  readonly nextReviewOn: number;
}

/** A learner whose day has come, with her state locked. */
export interface DueLearner {
  readonly learnerId: string;
  readonly state: LearnerState;
  /** Whether she is still enrolled as a learner and her account is active. */
  readonly listens: boolean;
}

/** What a look at a learner came to. */
export interface LookedAt {
  readonly learnerId: string;
  readonly told: boolean;
  /** The day on which to look again; null where she remembers nothing. */
  readonly nextReviewOn: number | null;
}

/** Whose reviews are due. All but `coursesToReview` runs inside a unit of work; days are counted from 1970-01-01. */
export abstract class DueLearnerRepository {
  /** The courses of all institutions, but for those that are archived, in which somebody is due until a day. */
  abstract coursesToReview(until: number): Promise<readonly CourseToReview[]>;
  /** Locks learners of a course who are due on a day, so many at most, and leaves out whom somebody else has locked. */
  abstract lockDue(courseId: string, day: number, atMost: number): Promise<readonly DueLearner[]>;
  /** Stores what a look on a day came to, of learners who are locked. */
  abstract noteLookedAt(courseId: string, day: number, looked: readonly LookedAt[]): Promise<void>;
}

/** A stored decision with what came of it. */
export interface DecisionWithOutcome {
  /** Whose it was. */
  readonly pseudonym: string;
  readonly decision: DecisionRecord;
  /** Whether a response answered it. */
  readonly isAnswered: boolean;
  /** Whether the first answer that was marked, from that response on, was right; null where there is none yet. */
  readonly correct: boolean | null;
}

/** An activity as a log of decisions names it. */
export interface LoggedActivity {
  readonly id: string;
  /** Of its present version. */
  readonly skillIds: readonly string[];
}

/** What was decided in a course, for those who ask what another policy would have done. */
export abstract class DecisionArchive {
  /** The activities of a course by number, those included that were archived. */
  abstract listActivities(actor: Actor, courseId: string): Promise<ReadonlyMap<number, LoggedActivity>>;
  abstract countDecisions(actor: Actor, courseId: string, since: Date | null): Promise<number>;
  /** A page of decisions, by learner and in her order. */
  abstract listDecisions(
    actor: Actor,
    courseId: string,
    page: { readonly since: Date | null; readonly after: DecisionWithOutcome | null; readonly atMost: number },
  ): Promise<readonly DecisionWithOutcome[]>;
}

/** Population weights with what learning goes on from. */
export interface LearntSnapshot extends StoredSnapshot {
  /** The memory of the online learner; null after a fit. */
  readonly optimizer: Uint8Array | null;
  /** Responses of the course up to `learntUntil`. */
  readonly responses: number;
  readonly learntUntil: Date;
  readonly learntBy: 'online' | 'fitted';
}

/** What was learnt from the learners of courses. */
export abstract class PopulationStore {
  /** The present snapshot of a course; null for the one that every course begins with. */
  abstract latest(actor: Actor, courseId: string): Promise<LearntSnapshot | null>;
  /** The responses until a time, by learner and in their order, of those learners who gave some after another time. */
  abstract readHistories(
    actor: Actor,
    courseId: string,
    times: { readonly since: Date; readonly until: Date },
  ): Promise<readonly (readonly ReplayedResponse[])[]>;
  /** Makes a snapshot the present one; tells false when its number is taken. */
  abstract publish(actor: Actor, courseId: string, snapshot: LearntSnapshot): Promise<boolean>;
  /** Courses of all institutions that have so many responses, and so large a share, that no snapshot has learnt from. */
  abstract coursesToLearn(
    atLeast: number,
    share: number,
  ): Promise<readonly { readonly institutionId: string; readonly courseId: string }[]>;
}

/** An offer whose reward is not settled yet, with what came after it. */
export interface UnsettledHelp extends GivenHelp {
  readonly id: string;
  readonly help: HelpOption;
  readonly place: HelpPlace;
  readonly offeredAt: Date;
  /** Her latest response. */
  readonly latest: number;
  /** Hers on the skill that showed the need, within the window of the reward. */
  readonly answers: readonly AnswerAfterHelp[];
}

/** What came of an offer; the reward is null for one that is void. */
export interface SettledHelp {
  readonly id: string;
  readonly outcome: (typeof helpOutcomes)[number];
  readonly reward: number | null;
}

/** How help has done, offer by offer, and what follows from it for a course. */
export abstract class HelpLedger {
  /** Courses of all institutions with offers whose reward is not settled. */
  abstract coursesToSettle(): Promise<readonly { readonly institutionId: string; readonly courseId: string }[]>;
  /**
   * Locks what is known of help in a course, lets `decide` look at it and at what is not settled, and stores what it
   * returns, all in one transaction; nothing for null.
   * @param window responses after an offer within which answers count
   */
  abstract settle(
    actor: Actor,
    courseId: string,
    window: number,
    decide: (
      bandit: HelpBanditState,
      offers: readonly UnsettledHelp[],
    ) => { readonly settled: readonly SettledHelp[]; readonly bandit: HelpBanditState; readonly at: Date } | null,
  ): Promise<void>;
}

/** A policy of a course's own, as it is stored. */
export interface KeptPolicy extends StoredPolicy {
  readonly createdAt: Date;
}

/** The policies of courses, and who takes part where they are compared. Runs inside a unit of work. */
export abstract class PolicyRepository {
  /** By name, the newest version of each first. */
  abstract listPolicies(courseId: string): Promise<KeptPolicy[]>;
  abstract insertPolicy(courseId: string, policy: KeptPolicy, createdBy: string): Promise<void>;
  /** As it is stored; null where there is none. */
  abstract findPlan(courseId: string): Promise<unknown>;
  abstract savePlan(courseId: string, plan: PolicyPlan | null): Promise<void>;
  abstract hasOptedOut(courseId: string, userId: string): Promise<boolean>;
  /** Null for whoever takes part again. */
  abstract saveOptOut(courseId: string, userId: string, at: Date | null): Promise<void>;
}

/** Sessions, for reading. Runs inside a unit of work. */
export abstract class SessionRepository {
  abstract findSession(id: string): Promise<Session | null>;
  /** The learner's sessions in a course, the latest first. */
  abstract listSessions(learnerId: string, courseId: string, page: PageRequest<TimeKey>): Promise<Page<Session>>;
}

/** What the teachers of a course have set, as it is stored. */
export interface StoredControls {
  /** How often they were set: 0 where they never were. */
  readonly version: number;
  readonly controls: CourseControls;
}

/** Somebody for whom something is pinned, or may be. */
export interface PinnedLearner {
  readonly id: string;
  readonly pseudonym: string;
  /** Whether she learns in the course now. */
  readonly learns: boolean;
}

/** What the teachers of courses have set. Runs inside a unit of work. */
export abstract class CourseControlsRepository {
  /** Null when there is no such course. */
  abstract findControls(courseId: string): Promise<StoredControls | null>;
  /** Reads them under the lock of the course, so that those who change it take turns. */
  abstract lockControls(courseId: string): Promise<StoredControls | null>;
  /** Stores them in the place of those of before, as the next version, and tells every process that its copy is old. */
  abstract saveControls(courseId: string, controls: CourseControls): Promise<void>;
  /** People by their ids or by their pseudonyms, and whether they learn in the course; those who are not there are left out. */
  abstract listLearners(
    courseId: string,
    by: { readonly ids: readonly string[] } | { readonly pseudonyms: readonly string[] },
  ): Promise<readonly PinnedLearner[]>;
}
