import type { z } from 'zod';
import type { Failure } from '#libs/kernel';
import type { WorkForm } from '#libs/learning';
import type { CriterionScore } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';
import type { Marks } from '../model/marks.js';

/** What a learner hands in, before it was checked. */
export interface HandedIn {
  readonly marks: readonly object[];
  readonly hasPicture: boolean;
}

/** What one kind of visual work is: how it is specified, answered and hinted at. How it is graded is its grader's. */
export interface WorkKind<S> {
  readonly schema: z.ZodType<S>;
  /** The form of the activities that it belongs to. */
  readonly answeredBy: WorkForm;
  /** The marks, checked against the specification; the failure says what is missing or wrong. */
  readWork(specification: S, work: HandedIn): Marks | Failure;
  /** The criteria where nothing earned anything: from these a teacher begins where no program gave a score. */
  blank(specification: S): readonly CriterionScore[];
  /** Null where there is no such criterion. */
  hintsFor(specification: S, criterionId: string): Hints | null;
}
