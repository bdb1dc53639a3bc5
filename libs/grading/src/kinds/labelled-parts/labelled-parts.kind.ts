import { labelsSchemaFor } from '../../model/marks.js';
import { writtenMarksSchema } from '../../model/written-marks.js';
import type { WorkKind } from '../kind.js';
import { faultsOfForm, faultsOfPlaces } from './named-places.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';
import { labelledPartsSchema, type LabelledParts } from './labelled-parts.js';

/** A picture whose parts have to be labelled. */
export const labelledParts: WorkKind<LabelledParts> = {
  schema: labelledPartsSchema,
  answeredBy: 'marks',
  drawn: ({ image }) => labelsSchemaFor(image),
  written: ({ parts }) => writtenMarksSchema(['place'], (marks) => faultsOfPlaces(parts, marks)),
  faultsOfForm,
  blank: (specification) => gradeLabelledParts(specification, []).criteria,
  criterionType: () => 'part',
  hintsFor: ({ parts }, criterionId) => parts.find(({ id }) => id === criterionId)?.hints ?? null,
};
