import type { FailureIssue } from '#libs/kernel';
import { labelledPartsSchema } from '#libs/grading';
import { MarksSpecification } from '#libs/learning';

/** Drawings are specified as grading marks them: by labelled parts. */
export class LabelledPartsSpecification extends MarksSpecification {
  override issuesOf(specification: unknown): FailureIssue[] {
    const parsed = labelledPartsSchema.safeParse(specification);
    if (parsed.success) return [];
    return parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  }
}
