import { isFailure, fail, type Failure, type TimeKey } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import { labelOfAlias } from '../model/alias.js';
import { toSubmissionView } from '../model/submission-view.js';
import {
  byteOrderMark,
  gradeColumns,
  gradeLines,
  toCsvLine,
  type Cell,
  type WorkToExport,
} from '../policy/grades-csv.js';
import { standingScores } from '../policy/standing-scores.js';
import type { Assignment, Score } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';

/** How many works are read at a time. */
const pageLength = 200;

/** Writes the grades of an assignment, and what they rest on, as CSV; for its teachers. */
export class ExportGrades {
  constructor(private readonly deps: GradingDependencies) {}

  /** Gives the text piece by piece; each piece is read when it is asked for, so that nothing is held in memory or open. */
  async execute(actor: Actor, assignmentId: string): Promise<AsyncIterable<string> | Failure> {
    const { unitOfWork, access, assignments, audit } = this.deps;
    const found = await unitOfWork.run(actor, async (): Promise<Assignment | Failure> => {
      const assignment = await assignments.findAssignment(assignmentId);
      const refusal = assignment && (await demandTeaching(access, actor, assignment.courseId));
      if (assignment === null || refusal?.code === 'NOT_FOUND') {
        return fail('NOT_FOUND', 'There is no such assignment for you.');
      }
      if (refusal) return refusal;
      await audit.record(actor, {
        action: 'grades.exported',
        objectKind: 'assignment',
        objectId: assignmentId,
        details: {},
      });
      return assignment;
    });
    return isFailure(found) ? found : this.write(actor, found);
  }

  private async *write(actor: Actor, assignment: Assignment): AsyncGenerator<string> {
    const columns: readonly Cell[] = gradeColumns;
    yield byteOrderMark + toCsvLine(columns);
    let after: TimeKey | null = null;
    do {
      const page: { readonly works: readonly WorkToExport[]; readonly next: TimeKey | null } = await this.read(
        actor,
        assignment,
        after,
      );
      if (page.works.length > 0) yield page.works.map(gradeLines).join('');
      after = page.next;
    } while (after !== null);
  }

  private async read(
    actor: Actor,
    assignment: Assignment,
    after: TimeKey | null,
  ): Promise<{ readonly works: readonly WorkToExport[]; readonly next: TimeKey | null }> {
    const { unitOfWork, submissions, scores, users } = this.deps;
    const which = { courseId: assignment.courseId, assignmentId: assignment.id, learnerId: null, onlyNamed: false };
    return unitOfWork.read(actor, async () => {
      const { items, hasMore } = await submissions.listSubmissions(which, { first: pageLength, after });
      const all = new Map<string, Score[]>();
      for (const score of await scores.listScores(items.map(({ id }) => id))) {
        all.set(score.submissionId, [...(all.get(score.submissionId) ?? []), score]);
      }
      const views = items.map((item) => toSubmissionView(item, assignment, 'teacher'));
      const known = views.filter(({ alias }) => alias === null).map(({ submission }) => submission.learnerId);
      const found = await users.findUsers([...new Set(known)]);
      const names = new Map(found.map(({ id, name }) => [id, name]));
      const works = views.map(({ submission, alias }): WorkToExport => {
        const { learnerId } = submission;
        const learner =
          alias === null
            ? { id: learnerId, name: names.get(learnerId) ?? null }
            : { id: alias, name: labelOfAlias(alias) };
        const standing = submission.state === 'withdrawn' ? [] : standingScores(all.get(submission.id) ?? []);
        return { submission, learner, score: standing.at(-1) ?? null };
      });
      const last = items.at(-1);
      return { works, next: hasMore && last !== undefined ? { at: last.receivedAt, id: last.id } : null };
    });
  }
}
