import type { z } from 'zod';
import type { FailureIssue } from '#libs/kernel';
import type { AnswerForm, WorkForm } from '#libs/learning';
import type { CriterionScore } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';
import { marksSchema, type Marks } from '../model/marks.js';

/** What one kind of visual work is: how it is specified, answered and hinted at. How it is graded is its grader's. */
export interface WorkKind<S> {
  readonly schema: z.ZodType<S>;
  /** The form of the activities that it belongs to. */
  readonly answeredBy: WorkForm;
  /** What may be drawn. */
  drawn(specification: S): z.ZodType<Marks>;
  /** What may be told in words instead, by the same criteria; see `written-marks.ts`. */
  written(specification: S): z.ZodType<Marks>;
  /** What does not go together with the form of its activity; a kind without this goes with every form of its own. */
  faultsOfForm?(specification: S, form: AnswerForm): readonly FailureIssue[];
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
export const noMarks: z.ZodType<Marks> = marksSchema.max(0, 'must be empty: nothing is labelled here');
