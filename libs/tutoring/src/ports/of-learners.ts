import type { Actor } from '#libs/identity';
import type { AnswerAfterHelp, GivenHelp, HelpBanditState, HelpOption, HelpPlace } from '#libs/recommendation';
import type { LearnerState } from '../model/learner-state.js';
import type { DecisionRecord, helpOutcomes, SeenWork, WorkResponse } from '../model/records.js';
import type { StoredSnapshot } from '../policy/course-model.js';
import type { ReplayedResponse } from '../policy/replay.js';
import type { Situation } from './acting.js';

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

/** A learner whose work is learnt from, with her state locked. */
export interface WorkingLearner extends Pick<
  Situation,
  'learnerId' | 'pseudonym' | 'courseId' | 'courseRevision' | 'modelSnapshot' | 'timeZone' | 'state'
> {}

/** What the handed-in work of learners shows of their skills. All verbs run inside a unit of work. */
export abstract class WorkLedger {
  /** Locks the state of a learner in a course, made where there is none; null for whoever does not learn there any more. */
  abstract lockLearner(courseId: string, learnerId: string): Promise<WorkingLearner | null>;
  /** Whether a submission was learnt from before; asked while its learner is locked. */
  abstract hasLearnt(submissionId: string): Promise<boolean>;
  /** Stores what work shows of a locked learner, and her state after it. */
  abstract store(
    learner: WorkingLearner,
    work: SeenWork,
    learnt: { readonly state: LearnerState; readonly responses: readonly WorkResponse[] },
    now: Date,
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
