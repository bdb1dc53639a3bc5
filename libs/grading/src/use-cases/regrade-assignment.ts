import { fail, FailureError, isFailure, refuseInput, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching, type ActivityContent, type CourseRepository } from '#libs/learning';
import { readMarks, readSpecification, type Specification } from '../kinds/specification.js';
import type { FileStore, StoredFile } from '../files.ports.js';
import { isUndecided } from '../model/grading-result.js';
import { fileOf } from '../model/work-file.js';
import { regradeImpact, type Points, type RegradeImpact } from '../policy/regrade-impact.js';
import { standingScores } from '../policy/standing-scores.js';
import type { Assignment, Score, Submission } from '../ports.js';
import type { Regrade, RegradeLog } from '../regrade.ports.js';
import type { GradingDependencies } from './dependencies.js';
import type { Graders } from './graders.js';
import { gradeWork } from './grade-work.js';
import { templateOfWork } from './template-of-work.js';

/** Which works are graded anew, and by which version of their activity. */
export interface RegradeScope {
  readonly assignmentId: string;
  /** The present one too, as when the model that grades is another one. */
  readonly activityVersion: number;
  /** Whether works that a teacher has settled are graded anew, too; else her word stands. */
  readonly includeReviewed: boolean;
}

export interface RegradePreview extends RegradeImpact {
  /** Works that would be graded anew. */
  readonly works: number;
  /** Works that teachers have settled and that stay as they are. */
  readonly kept: number;
  /** Works that it was tried on: the latest. */
  readonly tried: number;
}

/** How many works a preview grades at most, and for how many milliseconds it begins with another one. */
const previewed = { works: 200, time: 8_000 } as const;
/** How many changes a preview lists. */
const listed = 20;

export interface RegradeAssignmentDependencies extends GradingDependencies {
  readonly courses: CourseRepository;
  readonly graders: Graders;
  readonly store: FileStore;
  readonly log: RegradeLog;
}

type Sending = GradingDependencies['submissions']['sendToGrading'];

/** A work that is graded on trial, with the score that stands. */
interface TriedWork {
  readonly submission: Submission;
  readonly files: readonly StoredFile[];
  readonly template: Uint8Array | null;
  readonly before: Score | null;
}

/**
 * Moves an assignment to another version of its activity, and has its works graded anew: each gets another score, and the
 * ones before stay on record.
 */
export class RegradeAssignment {
  constructor(private readonly deps: RegradeAssignmentDependencies) {}

  /** Who would be affected, and by how much. Nothing is stored. */
  async preview(actor: Actor, scope: RegradeScope): Promise<RegradePreview | Failure> {
    const { unitOfWork, submissions, clock } = this.deps;
    const read = await unitOfWork.read(actor, async () => {
      const assignment = await this.deps.assignments.findAssignment(scope.assignmentId);
      const checked = await this.check(actor, scope, assignment);
      if (isFailure(checked)) return checked;
      const counts = await submissions.countForRegrade(scope.assignmentId);
      const works = await this.readWorks(scope, checked.content);
      return { specification: checked.specification, counts, works };
    });
    if (isFailure(read)) return read;
    const { specification, counts, works } = read;
    const until = clock.now() + previewed.time;
    const regraded = [];
    for (const work of works) {
      if (clock.now() > until) break;
      const after = await this.gradeOne(actor, specification, work);
      regraded.push({ submissionId: work.submission.id, before: pointsOf(work.before), after });
    }
    return {
      ...regradeImpact(regraded, listed),
      works: counts.unreviewed + (scope.includeReviewed ? counts.reviewed : 0),
      kept: scope.includeReviewed ? 0 : counts.reviewed,
      tried: regraded.length,
    };
  }

  /** Sends the works to be graded anew, in one transaction with the version. Sending it again changes nothing. */
  async execute(actor: Actor, input: RegradeScope & { readonly id: string }): Promise<Regrade | Failure> {
    const { unitOfWork, assignments, queue, log, audit, clock } = this.deps;
    const { id, assignmentId, activityVersion: toVersion, includeReviewed } = input;
    return unitOfWork.run(actor, async () => {
      const checked = await this.check(actor, input, await assignments.findAssignment(assignmentId));
      if (isFailure(checked)) return checked;
      const earlier = await log.findEarlier(id, input);
      if (earlier !== null) return earlier.sameBody ? earlier.record : fail('ID_REUSED');
      const { fromVersion, works } = await this.move(input);
      const decidedAt = new Date(clock.now());
      const regrade = { id, assignmentId, fromVersion, toVersion, includeReviewed, works: works.length, decidedAt };
      // Two decisions with one id at once: what this one has moved is undone.
      if (!(await log.insertRegrade(regrade, actor.pseudonym, input))) throw new FailureError(fail('ID_REUSED'));
      await audit.record(actor, {
        action: 'assignment.regraded',
        objectKind: 'assignment',
        objectId: assignmentId,
        details: { regradeId: id, fromVersion, toVersion, includeReviewed, works: works.length },
      });
      await queue.enqueueAll(works);
      return regrade;
    });
  }

  /**
   * Grading holds a work and then its assignment, so that here the works come first, too: else each would wait for the other.
   * What was graded between the two is found afterwards; what is held then is under way, and finds the new version.
   */
  private async move({
    assignmentId,
    activityVersion,
    includeReviewed: withReviewed,
  }: RegradeScope): Promise<{ readonly fromVersion: number; readonly works: Awaited<ReturnType<Sending>> }> {
    const { assignments, submissions } = this.deps;
    const first = await submissions.sendToGrading(assignmentId, { withReviewed, unlockedOnly: false });
    const { activityVersion: fromVersion } = (await assignments.lockAssignment(assignmentId))!;
    await assignments.updateAssignment(assignmentId, { activityVersion });
    const rest = await submissions.sendToGrading(assignmentId, { withReviewed, unlockedOnly: true });
    return { fromVersion, works: [...first, ...rest] };
  }

  private async check(
    actor: Actor,
    { activityVersion }: RegradeScope,
    assignment: Assignment | null,
  ): Promise<{ readonly specification: Specification; readonly content: ActivityContent } | Failure> {
    const refusal = assignment && (await demandTeaching(this.deps.access, actor, assignment.courseId));
    if (assignment === null || refusal?.code === 'NOT_FOUND') {
      return fail('NOT_FOUND', 'There is no such assignment for you.');
    }
    if (refusal) return refusal;
    const { activityId } = assignment;
    const present = (await this.deps.assignments.findPinned([assignment])).get(assignment.id);
    const version = await this.deps.courses.findVersion(activityId, activityVersion);
    if (version === null) {
      return refuseInput([{ path: 'activityVersion', message: 'the activity never had this version' }]);
    }
    const specification = readSpecification(version.content);
    if (isFailure(specification)) return specification;
    const { content } = version;
    if (present?.content.form.kind === content.form.kind) return { specification, content };
    const message = 'that version asks for another form of work than what was handed in';
    return refuseInput([{ path: 'activityVersion', message }]);
  }

  private async readWorks(
    { assignmentId, includeReviewed }: RegradeScope,
    content: ActivityContent,
  ): Promise<readonly TriedWork[]> {
    const { submissions, scores, files, media } = this.deps;
    const found = await submissions.listForRegrade(assignmentId, { withReviewed: includeReviewed }, previewed.works);
    const fileIds = found.flatMap((work) => work.fileIds);
    const filesById = new Map((await files.findFiles(fileIds)).map((file) => [file.id, file]));
    const all = await scores.listScores(found.map(({ id }) => id));
    const before = new Map<string, Score[]>();
    for (const score of all) before.set(score.submissionId, [...(before.get(score.submissionId) ?? []), score]);
    // All of them have the same one: it is read once, if there is a photo at all.
    const [first] = found;
    const template = first ? await templateOfWork(media, first.courseId, content, [...filesById.values()]) : null;
    return found
      .map((submission) => ({
        submission,
        files: submission.fileIds.flatMap((id) => filesById.get(id) ?? []),
        template,
        before: standingScores(before.get(submission.id) ?? []).at(-1) ?? null,
      }))
      .filter(({ files: handedIn }) => handedIn.every((file) => fileOf(file) !== 'package'));
  }

  /** Null where no program could score it. */
  private async gradeOne(
    actor: Actor,
    specification: Specification,
    { submission, files, template }: TriedWork,
  ): Promise<Points | null> {
    const marks = readMarks(specification, submission.marks);
    if (isFailure(marks)) return null;
    const { courseId } = submission;
    const result = await gradeWork(this.deps, actor, { courseId, specification, marks, files, template });
    return result.kind === 'graded' && !result.criteria.some(isUndecided) ? pointsOf(result) : null;
  }
}

function pointsOf(score: Points | null): Points | null {
  return score && { total: score.total, maximum: score.maximum };
}
