import { noMarks, type WorkKind } from '../kind.js';
import { writtenMarksSchema } from '../../model/written-marks.js';
import { blankCriterion } from '../graded-by-rules.js';
import { faultsOfReadings, faultsOfReadingForm } from './grade-readings.js';
import { labPhotoSchema, type LabPhoto } from './lab-photo.js';

/** A photo of laboratory work. */
export const labPhoto: WorkKind<LabPhoto> = {
  schema: labPhotoSchema,
  answeredBy: 'picture',
  drawn: () => noMarks,
  written: (specification) => writtenMarksSchema(['reading'], (marks) => faultsOfReadings(specification, marks)),
  faultsOfForm: faultsOfReadingForm,
  blank: ({ criteria }) => criteria.map(blankCriterion),
  criterionType: ({ criteria }, criterionId) => criteria.find(({ id }) => id === criterionId)?.measure ?? 'measure',
  hintsFor: ({ criteria }, criterionId) => criteria.find(({ id }) => id === criterionId)?.hints ?? null,
};
