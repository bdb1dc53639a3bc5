import { noMarks, type WorkKind } from '../kind.js';
import { blankCriterion } from '../graded-by-rules.js';
import { labPhotoSchema, type LabPhoto } from './lab-photo.js';

/** A photo of laboratory work. */
export const labPhoto: WorkKind<LabPhoto> = {
  schema: labPhotoSchema,
  answeredBy: 'picture',
  readMarks: (_, marks) => noMarks(marks),
  blank: ({ criteria }) => criteria.map(blankCriterion),
  criterionType: ({ criteria }, criterionId) => criteria.find(({ id }) => id === criterionId)?.measure ?? 'measure',
  hintsFor: ({ criteria }, criterionId) => criteria.find(({ id }) => id === criterionId)?.hints ?? null,
};
