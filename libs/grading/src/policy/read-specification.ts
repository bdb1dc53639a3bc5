import { fail, issuesOf, refuseInput, type Failure } from '#libs/kernel';
import type { ActivityContent } from '#libs/learning';
import { labelledPartsSchema, type LabelledParts } from '../model/labelled-parts.js';

/** What a visual activity asks to be labelled, out of its key; the failure says what is wrong with it. */
export function readSpecification({ key }: Pick<ActivityContent, 'key'>): LabelledParts | Failure {
  if (key.kind !== 'marks') return fail('INVALID_INPUT', 'This activity is not answered by labels on a picture.');
  const parsed = labelledPartsSchema.safeParse(key.specification);
  return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'specification'));
}
