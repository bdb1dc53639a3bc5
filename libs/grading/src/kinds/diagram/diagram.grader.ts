import type { GradingResult } from '../../model/grading-result.js';
import { Grader, type WorkToGrade } from '../../ports.js';
import type { Diagram } from './diagram.js';
import { gradeDiagram } from './grade-diagram.js';

/** Reads diagrams off their strokes and compares them with the one that was asked for. */
export class DiagramGrader extends Grader<Diagram> {
  override readonly kind = 'diagram';

  override grade({ specification, marks }: WorkToGrade<Diagram>): Promise<GradingResult> {
    return Promise.resolve(gradeDiagram(specification, marks));
  }
}
