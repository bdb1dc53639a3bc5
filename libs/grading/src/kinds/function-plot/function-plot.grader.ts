import type { GradingResult } from '../../model/grading-result.js';
import { Grader, type WorkToGrade } from '../../ports.js';
import type { FunctionPlot } from './function-plot.js';
import { gradeFunctionPlot } from './grade-function-plot.js';

/** Grades graphs of functions by their features. */
export class FunctionPlotGrader extends Grader<FunctionPlot> {
  override readonly kind = 'function-plot';

  override grade({ specification, marks }: WorkToGrade<FunctionPlot>): Promise<GradingResult> {
    return Promise.resolve(gradeFunctionPlot(specification, marks));
  }
}
