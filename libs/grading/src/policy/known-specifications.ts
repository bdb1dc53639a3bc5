import { isFailure, type FailureIssue } from '#libs/kernel';
import { WorkSpecification, type AnswerForm, type WorkForm } from '#libs/learning';
import { kindOf, parseSpecification } from '../kinds/specification.js';

/** Visual work is specified as it is graded here. */
export class KnownSpecifications extends WorkSpecification {
  override issuesOf(form: Extract<AnswerForm, { kind: WorkForm }>, specification: unknown): readonly FailureIssue[] {
    const parsed = parseSpecification(form.kind, specification);
    if (!isFailure(parsed)) return kindOf(parsed).faultsOfForm?.(parsed, form) ?? [];
    return parsed.issues ?? [{ path: '', message: parsed.message }];
  }
}
