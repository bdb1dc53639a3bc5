import { labelledStrokesSchemaFor } from '../../model/marks.js';
import { writtenMarksSchema } from '../../model/written-marks.js';
import type { WorkKind } from '../kind.js';
import { diagramSchema, type Diagram } from './diagram.js';
import { gradeDiagram } from './grade-diagram.js';
import { faultsOfGraph } from './told-diagram.js';

/** A diagram that has to be drawn. */
export const diagram: WorkKind<Diagram> = {
  schema: diagramSchema,
  answeredBy: 'strokes',
  drawn: ({ canvas }) => labelledStrokesSchemaFor(canvas),
  written: () => writtenMarksSchema(['figure', 'arrow'], faultsOfGraph),
  blank: (specification) => gradeDiagram(specification, []).criteria,
  criterionType: ({ nodes }, criterionId) => (nodes.some(({ id }) => id === criterionId) ? 'node' : 'edge'),
  hintsFor: ({ nodes, edges }, criterionId) => [...nodes, ...edges].find(({ id }) => id === criterionId)?.hints ?? null,
};
