import { issuesOf, refuseInput } from '#libs/kernel';
import { strokesSchemaFor } from '../../model/marks.js';
import type { WorkKind } from '../kind.js';
import { functionPlotSchema, type FunctionPlot } from './function-plot.js';
import { gradeFunctionPlot } from './grade-function-plot.js';

/** The graph of a function, drawn on axes. */
export const functionPlot: WorkKind<FunctionPlot> = {
  schema: functionPlotSchema,
  answeredBy: 'strokes',
  readMarks({ canvas }, marks) {
    const parsed = strokesSchemaFor(canvas).safeParse(marks);
    return parsed.success ? parsed.data : refuseInput(issuesOf(parsed.error, 'marks'));
  },
  blank: (specification) => gradeFunctionPlot(specification, []).criteria,
  criterionType: ({ features }, id) => features.find((feature) => feature.id === id)?.feature ?? 'feature',
  hintsFor: ({ features }, id) => features.find((feature) => feature.id === id)?.hints ?? null,
};
