import { issuesOf, type FailureIssue } from '#libs/kernel';
import { MarksSpecification } from '#libs/learning';
import { labelledPartsSchema } from '../model/labelled-parts.js';

/** Drawings are specified as they are marked here: by labelled parts. */
export class LabelledPartsSpecification extends MarksSpecification {
  override issuesOf(specification: unknown): FailureIssue[] {
    const parsed = labelledPartsSchema.safeParse(specification);
    return parsed.success ? [] : issuesOf(parsed.error);
  }
}
