import { writtenMarksSchema } from '../../model/written-marks.js';
import { noMarks, type WorkKind } from '../kind.js';
import { classifySchema, type Classify } from './classify.js';
import { criterionId, criterionOf } from './grade-classification.js';

/** A picture that has to show one thing of several. */
export const classify: WorkKind<Classify> = {
  schema: classifySchema,
  answeredBy: 'picture',
  drawn: () => noMarks,
  written: () => writtenMarksSchema([]),
  blank: (specification) => [criterionOf(specification, null, [])],
  criterionType: () => 'class',
  hintsFor: ({ hints }, id) => (id === criterionId ? hints : null),
};
