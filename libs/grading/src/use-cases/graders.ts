import type { Failure } from '#libs/kernel';
import type { Specification } from '../kinds/specification.js';
import type { GradingResult } from '../model/grading-result.js';
import type { Grader, Ungraded, WorkToGrade } from '../ports.js';

/** A grader for each kind of visual work. */
type GraderByKind = { readonly [K in Specification['kind']]: Grader<Extract<Specification, { kind: K }>> };

/** Has work graded by whoever knows its kind. */
export class Graders {
  constructor(private readonly byKind: GraderByKind) {}

  grade(work: WorkToGrade<Specification>): Promise<GradingResult | Ungraded> {
    return this.of(work).grade(work);
  }

  /** Refuses what can be told at once, before work is taken. */
  check(work: WorkToGrade<Specification>): Promise<Failure | null> {
    return this.of(work).check(work);
  }

  private of({ specification }: WorkToGrade<Specification>): Grader<Specification> {
    // Each stands under its own kind, which the compiler cannot follow from here.
    return this.byKind[specification.kind] as Grader<Specification>;
  }
}
