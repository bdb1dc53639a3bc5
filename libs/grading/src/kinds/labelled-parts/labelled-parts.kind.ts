import { issuesOf, refuseInput } from '#libs/kernel';
import { labelsSchemaFor } from '../../model/marks.js';
import type { WorkKind } from '../kind.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';
import { labelledPartsSchema, type LabelledParts } from './labelled-parts.js';

/** A picture whose parts have to be labelled. */
export const labelledParts: WorkKind<LabelledParts> = {
  schema: labelledPartsSchema,
  answeredBy: 'marks',
  readMarks({ image }, marks) {
    const parsed = labelsSchemaFor(image).safeParse(marks);
    return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'marks'));
  },
  blank: (specification) => gradeLabelledParts(specification, []).criteria,
  criterionType: () => 'part',
  hintsFor: ({ parts }, criterionId) => parts.find(({ id }) => id === criterionId)?.hints ?? null,
};
