import { operation } from './operation.js';

interface Connection<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface CourseOutline {
  readonly id: string;
  readonly externalId: string | null;
  readonly title: string;
  readonly language: string;
  readonly masteryThreshold: number;
}

export interface SkillNode {
  readonly id: string;
  readonly externalId: string | null;
  readonly name: string;
  readonly position: number;
  readonly prerequisiteIds: readonly string[];
}

/** One version of an activity with its key, for teachers. */
export interface TaughtActivity {
  readonly id: string;
  readonly kind: string;
  readonly modality: string;
  readonly current: {
    readonly version: number;
    readonly difficulty: number;
    readonly minutes: number;
    readonly skillIds: readonly string[];
    readonly content: unknown;
  };
}

/** The courses that one takes part in. */
export const courses = operation<{ courses: Connection<CourseOutline> }, { first: number; after: string | null }>(
  `query Courses($first: Int!, $after: String) {
    courses(first: $first, after: $after) {
      edges { node { id externalId title language masteryThreshold } } pageInfo { hasNextPage endCursor }
    }
  }`,
);

/** The skills of a course, in their order, with what comes before each. */
export const courseSkills = operation<
  { course: { readonly title: string; readonly skills: readonly SkillNode[] } | null },
  { courseId: string }
>(`query CourseSkills($courseId: UUID!) {
    course(id: $courseId) { title skills { id externalId name position prerequisiteIds } }
  }`);

/** The activities of a course as they are taught, with their keys; for its teachers. */
export const taughtActivities = operation<
  { course: { readonly activities: Connection<TaughtActivity> | null } | null },
  { courseId: string; first: number; after: string | null }
>(`query TaughtActivities($courseId: UUID!, $first: Int!, $after: String) {
    course(id: $courseId) {
      activities(first: $first, after: $after) {
        edges { node { id kind modality current { version difficulty minutes skillIds content } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`);

/** Mastery of each skill: one's own, or, for teachers, a learner's. */
export const mastery = operation<
  {
    mastery: readonly {
      readonly skillId: string;
      readonly name: string;
      readonly probability: number;
      readonly low: number;
      readonly high: number;
      readonly responses: number;
      readonly mastered: boolean;
    }[];
  },
  { courseId: string; learnerId: string | null }
>(`query Mastery($courseId: UUID!, $learnerId: UUID) {
    mastery(courseId: $courseId, learnerId: $learnerId) { skillId name probability low high responses mastered }
  }`);
