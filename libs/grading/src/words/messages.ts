import type { CriterionHint, ErrorCode, HintKey } from '../model/grading-result.js';

/**
 * What hints say in one language, beside what the teacher wrote. A language is one file with one value of this type: a sentence that is missing
 * does not compile. Then it gets a line in `catalogue.ts`.
 */
export interface HintMessages {
  /** What kind of mistake it is, without a name or a place: it gives no answer away. */
  readonly kinds: Readonly<Record<ErrorCode, string>>;
  /** What was found, with names and numbers, where there is more to say than what kind of mistake it is. */
  readonly findings: { readonly [Key in HintKey]?: (parameters: CriterionHint['parameters']) => string };
  /** Between two sentences. */
  readonly space: string;
}
