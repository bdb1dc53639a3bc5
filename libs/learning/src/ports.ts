import type { ExternalKey, Failure, FailureIssue, Page, PageRequest } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Accommodations } from './model/accommodations.js';
import type { ActivityContent, ActivityKind, AnswerForm, Modality, WorkForm } from './model/activity-content.js';

/** What somebody is in a course. Administrators are teachers everywhere in their institution. */
export const courseRoles = ['learner', 'teacher'] as const;
export type CourseRole = (typeof courseRoles)[number];

/** Tells who is what in a course. The first question of every use case that touches one. */
export abstract class CourseAccess {
  /** Null when the course is not there, or the actor has nothing to do with it. */
  abstract roleIn(actor: Actor, courseId: string): Promise<CourseRole | null>;
  /** The same for many courses in one question; those that the actor has nothing to do with are left out. */
  abstract rolesIn(actor: Actor, courseIds: readonly string[]): Promise<ReadonlyMap<string, CourseRole>>;
  /** Whether the actor teaches a course in which somebody learns now. */
  abstract teaches(actor: Actor, learnerId: string): Promise<boolean>;
}

export interface Course {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly language: string;
  readonly masteryThreshold: number;
  readonly revision: number;
  readonly graphVersion: number;
  readonly archivedAt: Date | null;
  readonly createdAt: Date;
  readonly source: string | null;
  readonly externalId: string | null;
}

/** What may be changed of a course. */
export type CourseChange = Partial<Pick<Course, 'title' | 'description' | 'language' | 'masteryThreshold'>>;

export interface Skill {
  readonly id: string;
  readonly courseId: string;
  readonly name: string;
  readonly description: string;
  readonly position: number;
  readonly prerequisiteIds: readonly string[];
  readonly source: string | null;
  readonly externalId: string | null;
}

export interface Activity {
  readonly id: string;
  readonly courseId: string;
  /** Small number within the course. */
  readonly number: number;
  readonly kind: ActivityKind;
  readonly modality: Modality;
  readonly language: string;
  readonly version: number;
  readonly archivedAt: Date | null;
  readonly source: string | null;
  readonly externalId: string | null;
}

/** One immutable version of an activity. */
export interface ActivityVersion {
  readonly activityId: string;
  readonly version: number;
  readonly content: ActivityContent;
  /** Logits. */
  readonly difficulty: number;
  readonly minutes: number;
  readonly skillIds: readonly string[];
}

/** A version as it is kept. */
export interface StoredVersion extends ActivityVersion {
  readonly createdAt: Date;
}

/** An activity with the version that is taught now. */
export interface CurrentActivity extends Activity {
  readonly current: StoredVersion;
}

/** Courses and what they are made of. All verbs run inside a unit of work. */
export abstract class CourseRepository {
  abstract findCourse(id: string): Promise<Course | null>;
  abstract findCourseByKey(key: ExternalKey): Promise<Course | null>;
  /** Reads a course under a row lock, so that those who change it take turns. */
  abstract lockCourse(id: string): Promise<Course | null>;
  /** False when its id or its external key is taken. */
  abstract insertCourse(
    course: Omit<Course, 'revision' | 'graphVersion' | 'archivedAt' | 'createdAt'>,
  ): Promise<boolean>;
  abstract updateCourse(id: string, change: CourseChange | Pick<Course, 'archivedAt'>): Promise<void>;
  /** Tells every process that its copy of the course is old. */
  abstract raiseRevision(courseId: string): Promise<void>;

  abstract listSkills(courseId: string): Promise<Skill[]>;
  /** Which course each of these skills belongs to; unknown ones are left out. */
  abstract coursesOfSkills(skillIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** How many activities, archived ones too, practise each of these skills; those of none are left out. */
  abstract countActivitiesOf(skillIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Replaces the skills of a course and their prerequisites; keeps a numbered picture of the graph. */
  abstract saveSkillGraph(courseId: string, skills: readonly Omit<Skill, 'courseId'>[]): Promise<void>;

  abstract findActivity(id: string): Promise<Activity | null>;
  abstract findActivityByKey(courseId: string, key: ExternalKey): Promise<Activity | null>;
  abstract findVersion(activityId: string, version: number): Promise<StoredVersion | null>;
  /** Numbers and stores a new activity with its first version. False when its id or its external key is taken. */
  abstract insertActivity(
    activity: Omit<Activity, 'number' | 'version' | 'archivedAt'>,
    version: Omit<ActivityVersion, 'activityId' | 'version'>,
  ): Promise<boolean>;
  /** Makes the next version the present one. Nothing happens when the content is the same; answers the version number. */
  abstract publishVersion(
    activityId: string,
    change: Partial<Pick<Activity, 'kind' | 'modality' | 'language'>>,
    version: Omit<ActivityVersion, 'activityId' | 'version'>,
  ): Promise<number>;
  abstract archiveActivity(id: string, at: Date | null): Promise<void>;
}

export interface Enrolment {
  readonly courseId: string;
  readonly userId: string;
  readonly role: CourseRole;
  readonly joinedAt: Date;
  readonly leftAt: Date | null;
}

export abstract class EnrolmentRepository {
  abstract findEnrolment(courseId: string, userId: string): Promise<Enrolment | null>;
  /** Enrols, or changes the role of, somebody; a person who left comes back. */
  abstract saveEnrolment(courseId: string, userId: string, role: CourseRole, at: Date): Promise<void>;
  abstract endEnrolment(courseId: string, userId: string, at: Date): Promise<boolean>;
}

/** An enrolment with the name of whose it is. */
export interface NamedEnrolment extends Enrolment {
  readonly name: string;
}

/** Which activities a page is of. */
export interface ActivityPageRequest extends PageRequest<number> {
  readonly kind: ActivityKind | null;
  readonly withArchived: boolean;
}

/**
 * Lists of and in courses. What hangs on a course is read for many courses in one statement; the answer is by course id,
 * and a course without anything may be left out. Keys: of courses and enrolments an id, of activities their number.
 */
export abstract class CourseReader {
  /** The courses of a participant, or, for null, all of them. */
  abstract listCourses(
    page: PageRequest,
    which: { readonly participantId: string | null; readonly withArchived: boolean },
  ): Promise<Page<Course>>;
  abstract skillsOf(courseIds: readonly string[]): Promise<ReadonlyMap<string, Skill[]>>;
  abstract activitiesOf(
    courseIds: readonly string[],
    request: ActivityPageRequest,
  ): Promise<ReadonlyMap<string, Page<CurrentActivity>>>;
  /** Who takes part and who took part, by the ids of the people. */
  abstract enrolmentsOf(
    courseIds: readonly string[],
    page: PageRequest,
  ): Promise<ReadonlyMap<string, Page<NamedEnrolment>>>;
  abstract enrolmentsOfUser(userId: string, courseIds: readonly string[]): Promise<ReadonlyMap<string, NamedEnrolment>>;
}

/** What learners need beside the language of the course. */
export abstract class AccommodationRepository {
  abstract findAccommodations(userId: string): Promise<Accommodations | null>;
  /** Reads them under a row lock, so that two who change different ones lose neither change. */
  abstract lockAccommodations(userId: string): Promise<Accommodations | null>;
  abstract saveAccommodations(userId: string, accommodations: Accommodations): Promise<void>;
}

/** Media types of the pictures that are kept. SVG is not among them: it can carry scripts. */
export const pictureTypes = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type PictureType = (typeof pictureTypes)[number];

/** A picture as it is kept: oriented, re-encoded, without metadata. */
export interface CleanPicture {
  readonly bytes: Uint8Array;
  readonly mediaType: PictureType;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

/** Turns what somebody sent into a picture that is safe to keep and to show. */
export abstract class PictureCleaner {
  /** Refuses with UNSUPPORTED_IMAGE, TOO_LARGE or BUSY. */
  abstract clean(bytes: Uint8Array): Promise<CleanPicture | Failure>;
}

/** A picture of a course. */
export interface CourseMedia {
  readonly name: string;
  readonly mediaType: PictureType;
  /** Of the bytes, in hexadecimal digits. */
  readonly sha256: string;
  readonly bytes: Uint8Array;
}

export abstract class CourseMediaRepository {
  abstract findMedia(courseId: string, name: string): Promise<CourseMedia | null>;
  abstract listNames(courseId: string): Promise<string[]>;
  /** Stores a picture in the place of one with the same name. Answers its digest, and whether it was new. */
  abstract saveMedia(
    courseId: string,
    media: Omit<CourseMedia, 'sha256'>,
  ): Promise<{ readonly sha256: string; readonly changed: boolean }>;
}

/** Knows how visual work is specified, which is the business of those who grade it. */
export abstract class WorkSpecification {
  /** What is wrong with the specification in the key of a visual assignment; empty when nothing is. */
  abstract issuesOf(form: Extract<AnswerForm, { kind: WorkForm }>, specification: unknown): readonly FailureIssue[];
}
