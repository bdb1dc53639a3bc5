import { noMarks, type WorkKind } from '../kind.js';
import { blankCriterion } from '../graded-by-rules.js';
import { projectSchema, type Project } from './project.js';

/** A trained model, or its predictions, for images whose labels are hidden. */
export const project: WorkKind<Project> = {
  schema: projectSchema,
  answeredBy: 'file',
  drawn: () => noMarks,
  written: () => noMarks,
  blank: ({ criteria }) => criteria.map(blankCriterion),
  criterionType: () => 'measure',
  hintsFor: ({ criteria }, criterionId) => criteria.find(({ id }) => id === criterionId)?.hints ?? null,
};
