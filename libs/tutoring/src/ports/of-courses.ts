import type { PeriodCount } from '#libs/engagement';
import type { Actor } from '#libs/identity';
import type { ActivityContent } from '#libs/learning';
import type { StudentModel } from '#libs/mastery';
import type { CourseControls, PolicyPlan, StoredPolicy } from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';

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

/** How the learners of a course were last seen. */
export abstract class EngagementArchive {
  /** How many learners were last seen in each way, in periods that begin from one moment on and before another. */
  abstract countByPeriod(actor: Actor, courseId: string, from: Date, to: Date): Promise<PeriodCount[]>;
}
