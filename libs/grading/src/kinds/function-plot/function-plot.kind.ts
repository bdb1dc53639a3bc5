import { strokesSchemaFor } from '../../model/marks.js';
import { writtenMarksSchema } from '../../model/written-marks.js';
import type { WorkKind } from '../kind.js';
import { functionPlotSchema, type FunctionPlot } from './function-plot.js';
import { gradeFunctionPlot } from './grade-function-plot.js';
import { faultsOfValues } from './values-curve.js';

/** The graph of a function, drawn on axes. */
export const functionPlot: WorkKind<FunctionPlot> = {
  schema: functionPlotSchema,
  answeredBy: 'strokes',
  drawn: ({ canvas }) => strokesSchemaFor(canvas),
  written: ({ axes }) => writtenMarksSchema(['value'], (marks) => faultsOfValues(axes, marks)),
  blank: (specification) => gradeFunctionPlot(specification, []).criteria,
  criterionType: ({ features }, id) => features.find((feature) => feature.id === id)?.feature ?? 'feature',
  hintsFor: ({ features }, id) => features.find((feature) => feature.id === id)?.hints ?? null,
};
