import { courseFields, learnerActivityFields, skillFields, taughtFields } from './fields.js';
import { operation } from './operation.js';
import type { ActivityForLearner } from './tutoring.graphql.js';

/** One page of a list. */
export interface Connection<T> {
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

/** A course that one takes part in, with its skills; null when there is none. */
export const course = operation<
  { course: (CourseOutline & { readonly description: string; readonly skills: readonly SkillNode[] }) | null },
  { id: string }
>(`query Course($id: UUID!) { course(id: $id) { ${courseFields} description skills { ${skillFields} } } }`);

/** The courses that one takes part in. */
export const courses = operation<{ courses: Connection<CourseOutline> }, { first: number; after: string | null }>(
  `query Courses($first: Int!, $after: String) {
    courses(first: $first, after: $after) {
      edges { node { ${courseFields} } } pageInfo { hasNextPage endCursor }
    }
  }`,
);

/** The skills of a course, in their order, with what comes before each. */
export const courseSkills = operation<
  { course: { readonly title: string; readonly skills: readonly SkillNode[] } | null },
  { courseId: string }
>(`query CourseSkills($courseId: UUID!) {
    course(id: $courseId) { title skills { ${skillFields} } }
  }`);

/** The activities of a course as they are taught, with their keys; for its teachers. */
export const taughtActivities = operation<
  { course: { readonly activities: Connection<TaughtActivity> | null } | null },
  { courseId: string; first: number; after: string | null }
>(`query TaughtActivities($courseId: UUID!, $first: Int!, $after: String) {
    course(id: $courseId) {
      activities(first: $first, after: $after) {
        edges { node { ${taughtFields} } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }`);

/** The activities of a course as a learner sees them. */
export const learnerActivities = operation<
  { course: { readonly learnerActivities: Connection<ActivityForLearner> } | null },
  { courseId: string; first: number; after: string | null; language: string | null }
>(`query LearnerActivities($courseId: UUID!, $first: Int!, $after: String, $language: String) {
    course(id: $courseId) {
      learnerActivities(first: $first, after: $after, language: $language) {
        edges { node { ${learnerActivityFields} } } pageInfo { hasNextPage endCursor }
      }
    }
  }`);
