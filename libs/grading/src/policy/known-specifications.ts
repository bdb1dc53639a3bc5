import { isFailure, type FailureIssue } from '#libs/kernel';
import { WorkSpecification, type WorkForm } from '#libs/learning';
import { parseSpecification } from '../kinds/specification.js';

/** Visual work is specified as it is graded here. */
export class KnownSpecifications extends WorkSpecification {
  override issuesOf(form: WorkForm, specification: unknown): readonly FailureIssue[] {
    const parsed = parseSpecification(form, specification);
    if (!isFailure(parsed)) return [];
    return parsed.issues ?? [{ path: '', message: parsed.message }];
  }
}
