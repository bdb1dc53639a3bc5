import type { GradingResult } from '../../model/grading-result.js';
import { Grader, type WorkToGrade } from '../../ports.js';
import { gradeLabelledParts } from './grade-labelled-parts.js';
import type { LabelledParts } from './labelled-parts.js';

/** Grades labels on a picture by its rules. */
export class LabelledPartsGrader extends Grader<LabelledParts> {
  override readonly kind = 'labelled-parts';

  override grade({ specification, marks }: WorkToGrade<LabelledParts>): Promise<GradingResult> {
    return Promise.resolve(gradeLabelledParts(specification, marks));
  }
}
