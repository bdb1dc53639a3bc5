import { fail, type Failure, type FailureIssue } from '#libs/kernel';
import type { ActivityContent } from '#libs/learning';
import type { z } from 'zod';
import { labelledPartsSchema, type LabelledParts } from '../model/labelled-parts.js';

/** Issues of a schema as they are told to the caller, each with its place below `place`. */
export function toIssues(error: z.ZodError, place: string): FailureIssue[] {
  return error.issues.slice(0, 20).map(({ path, message }) => ({ path: [place, ...path].join('.'), message }));
}

/** INVALID_INPUT that speaks of its first issue and lists them all. */
export function invalid(issues: readonly FailureIssue[]): Failure {
  const [first] = issues;
  return fail('INVALID_INPUT', first ? `${first.path}: ${first.message}` : undefined, { issues });
}

/** What a visual activity asks to be labelled, out of its key; the failure says what is wrong with it. */
export function readSpecification({ key }: Pick<ActivityContent, 'key'>): LabelledParts | Failure {
  if (key.kind !== 'marks') return fail('INVALID_INPUT', 'This activity is not answered by labels on a picture.');
  const parsed = labelledPartsSchema.safeParse(key.specification);
  return parsed.success ? parsed.data : invalid(toIssues(parsed.error, 'specification'));
}
