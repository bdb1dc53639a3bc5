import { courseFields, skillFields, taughtFields } from './fields.js';
import type { CourseOutline, SkillNode, TaughtActivity } from './learning.graphql.js';
import { operation, refusal, type Outcome } from './operation.js';

/** One immutable version of an activity with its key, for teachers. */
export interface ActivityVersionView {
  readonly activityId: string;
  readonly version: number;
  readonly difficulty: number;
  readonly minutes: number;
  readonly skillIds: readonly string[];
  readonly content: unknown;
  readonly createdAt: string;
}

/** What an activity says: everything but the course that it belongs to. */
interface ActivityDraft {
  kind: string;
  modality: string;
  language: string;
  difficulty: number;
  minutes: number;
  skillIds: readonly string[];
  content: unknown;
}

type CourseOutcome = Outcome<'Course', CourseOutline>;
type ActivityOutcome = Outcome<'Activity', TaughtActivity>;

const courseOutcome = `__typename ... on Course { ${courseFields} } ${refusal}`;
const activityOutcome = `__typename ... on Activity { ${taughtFields} } ${refusal}`;

/** Creates a course; a teacher who creates one teaches it. */
export const createCourse = operation<
  { createCourse: CourseOutcome },
  {
    input: {
      id: string;
      title: string;
      description: string;
      language: string;
      masteryThreshold: number;
      source?: string | null;
      externalId?: string | null;
    };
  }
>(`mutation CreateCourse($input: CreateCourseInput!) { createCourse(input: $input) { ${courseOutcome} } }`);

/** Changes a course; what is left out stays. */
export const updateCourse = operation<
  { updateCourse: CourseOutcome },
  {
    input: {
      courseId: string;
      title?: string | null;
      description?: string | null;
      language?: string | null;
      masteryThreshold?: number | null;
    };
  }
>(`mutation UpdateCourse($input: UpdateCourseInput!) { updateCourse(input: $input) { ${courseOutcome} } }`);

/** Puts a course away. */
export const archiveCourse = operation<{ archiveCourse: CourseOutcome }, { courseId: string }>(
  `mutation ArchiveCourse($courseId: UUID!) { archiveCourse(courseId: $courseId) { ${courseOutcome} } }`,
);

/** Takes a course out again that was put away. */
export const restoreCourse = operation<{ restoreCourse: CourseOutcome }, { courseId: string }>(
  `mutation RestoreCourse($courseId: UUID!) { restoreCourse(courseId: $courseId) { ${courseOutcome} } }`,
);

/** Replaces the skills of a course, in teaching order: what is left out is dropped. */
export const saveSkillGraph = operation<
  { saveSkillGraph: Outcome<'SavedSkillGraph', { skills: readonly SkillNode[] }> },
  {
    input: {
      courseId: string;
      skills: readonly { id: string; name: string; description: string; prerequisiteIds: readonly string[] }[];
    };
  }
>(`mutation SaveSkillGraph($input: SaveSkillGraphInput!) {
    saveSkillGraph(input: $input) { __typename ... on SavedSkillGraph { skills { ${skillFields} } } ${refusal} }
  }`);

/** An activity with its key, as it is taught now. */
export const activity = operation<{ activity: TaughtActivity | null }, { id: string }>(
  `query Activity($id: UUID!) { activity(id: $id) { ${taughtFields} } }`,
);

/** One version of an activity, with its key. */
export const activityVersion = operation<
  { activityVersion: ActivityVersionView | null },
  { activityId: string; version: number }
>(`query ActivityVersion($activityId: UUID!, $version: Int!) {
    activityVersion(activityId: $activityId, version: $version) {
      activityId version difficulty minutes skillIds content createdAt
    }
  }`);

/** Adds an activity to a course. */
export const createActivity = operation<
  { createActivity: ActivityOutcome },
  {
    input: ActivityDraft & {
      id: string;
      courseId: string;
      source?: string | null;
      externalId?: string | null;
    };
  }
>(`mutation CreateActivity($input: CreateActivityInput!) { createActivity(input: $input) { ${activityOutcome} } }`);

/** Makes the next version of an activity the one that is taught. */
export const publishActivityVersion = operation<
  { publishActivityVersion: ActivityOutcome },
  { input: ActivityDraft & { activityId: string } }
>(`mutation PublishActivityVersion($input: PublishActivityVersionInput!) {
    publishActivityVersion(input: $input) { ${activityOutcome} }
  }`);

/** Puts an activity away: it is not chosen any more. */
export const archiveActivity = operation<{ archiveActivity: ActivityOutcome }, { activityId: string }>(
  `mutation ArchiveActivity($activityId: UUID!) { archiveActivity(activityId: $activityId) { ${activityOutcome} } }`,
);

/** Takes an activity out again that was put away. */
export const restoreActivity = operation<{ restoreActivity: ActivityOutcome }, { activityId: string }>(
  `mutation RestoreActivity($activityId: UUID!) { restoreActivity(activityId: $activityId) { ${activityOutcome} } }`,
);
