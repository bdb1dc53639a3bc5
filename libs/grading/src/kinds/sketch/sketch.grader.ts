import type { GradingResult } from '../../model/grading-result.js';
import { Grader, type WorkToGrade } from '../../ports.js';
import { gradeSketch } from './grade-sketch.js';
import type { Sketch } from './sketch.js';

/** Grades drawings of one thing. */
export class SketchGrader extends Grader<Sketch> {
  override readonly kind = 'sketch';

  override grade({ specification, marks }: WorkToGrade<Sketch>): Promise<GradingResult> {
    return Promise.resolve(gradeSketch(specification, marks));
  }
}
