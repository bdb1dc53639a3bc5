import type { Specification } from '../kinds/specification.js';
import type { GradingResult } from '../model/grading-result.js';
import type { Grader, Ungraded, WorkToGrade } from '../ports.js';

/** A grader for each kind of visual work. */
type GraderByKind = { readonly [K in Specification['kind']]: Grader<Extract<Specification, { kind: K }>> };

/** Has work graded by whoever knows its kind. */
export class Graders {
  constructor(private readonly byKind: GraderByKind) {}

  grade(work: WorkToGrade<Specification>): Promise<GradingResult | Ungraded> {
    // Each stands under its own kind, which the compiler cannot follow from here.
    return (this.byKind[work.specification.kind] as Grader<Specification>).grade(work);
  }
}
