import type { z } from 'zod';
import { refuseInput, type Failure } from '#libs/kernel';
import type { WorkForm } from '#libs/learning';
import type { CriterionScore } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';
import type { Marks } from '../model/marks.js';

/** What one kind of visual work is: how it is specified, answered and hinted at. How it is graded is its grader's. */
export interface WorkKind<S> {
  readonly schema: z.ZodType<S>;
  /** The form of the activities that it belongs to. */
  readonly answeredBy: WorkForm;
  /** The marks that were handed in, checked against the specification; the failure says what is missing or wrong. */
  readMarks(specification: S, marks: readonly object[]): Marks | Failure;
  /** The criteria where nothing earned anything: from these a teacher begins where no program gave a score. */
  blank(specification: S): readonly CriterionScore[];
  /**
   * What a criterion is of: audits of criteria of one type tell how far a grader may be trusted with the others. One word for
   * what is graded in the same way, such as `part`.
   */
  criterionType(specification: S, criterionId: string): string;
  /** Null where there is no such criterion. */
  hintsFor(specification: S, criterionId: string): Hints | null;
}

/** For kinds of work where nothing is marked. */
export function noMarks(marks: readonly object[]): Marks | Failure {
  return marks.length === 0 ? [] : refuseInput([{ path: 'marks', message: 'must be empty: nothing is labelled here' }]);
}
