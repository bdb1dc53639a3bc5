import * as grading from './grading.graphql.js';
import * as identity from './identity.graphql.js';
import * as learning from './learning.graphql.js';
import type { Operation } from './operation.js';
import * as school from './school.graphql.js';

export type { AssignmentOutline, ScoreView, SubmissionView } from './grading.graphql.js';
export type { CourseOutline, SkillNode, TaughtActivity } from './learning.graphql.js';
export { operation, type Operation } from './operation.js';

/** Every operation that apps built on this library send; docs/persisted-operations.json is generated from it. */
export const operations = {
  ...identity,
  ...learning,
  ...grading,
  ...school,
} satisfies Record<string, Pick<Operation<never, never>, 'name' | 'document'>>;
