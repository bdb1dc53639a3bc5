import type { Failure } from '#libs/kernel';
import type { Specification } from '../kinds/specification.js';
import type { GradingResult } from '../model/grading-result.js';
import { isWritten, writtenOf } from '../model/written-marks.js';
import { ungraded, type Grader, type Ungraded, type WorkToGrade } from '../ports.js';

/** A grader for each kind of visual work. */
type GraderByKind = { readonly [K in Specification['kind']]: Grader<Extract<Specification, { kind: K }>> };

/** Has work graded by whoever knows its kind. */
export class Graders {
  constructor(private readonly byKind: GraderByKind) {}

  /** What is told in words is graded by the same rules, under a name of its own: what audits say of drawings tells nothing of it. */
  async grade(work: WorkToGrade<Specification>): Promise<GradingResult | Ungraded> {
    if (!isWritten(work.marks)) return this.of(work).grade(work);
    if (writtenOf(work.marks, 'text').length > 0) return ungraded('in-words');
    const result = await this.of(work).grade(work);
    if (result.kind === 'ungraded') return result;
    return { ...result, grader: { ...result.grader, name: `${result.grader.name}-in-words` } };
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
