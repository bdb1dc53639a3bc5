import { issuesOf, refuseInput } from '#libs/kernel';
import { labelledStrokesSchemaFor } from '../../model/marks.js';
import type { WorkKind } from '../kind.js';
import { diagramSchema, type Diagram } from './diagram.js';
import { gradeDiagram } from './grade-diagram.js';

/** A diagram that has to be drawn. */
export const diagram: WorkKind<Diagram> = {
  schema: diagramSchema,
  answeredBy: 'strokes',
  readMarks({ canvas }, marks) {
    const parsed = labelledStrokesSchemaFor(canvas).safeParse(marks);
    return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'marks'));
  },
  blank: (specification) => gradeDiagram(specification, []).criteria,
  criterionType: ({ nodes }, criterionId) => (nodes.some(({ id }) => id === criterionId) ? 'node' : 'edge'),
  hintsFor: ({ nodes, edges }, criterionId) => [...nodes, ...edges].find(({ id }) => id === criterionId)?.hints ?? null,
};
