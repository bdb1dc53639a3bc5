import { fail, isFailure, refuseInput, type Failure, type FailureIssue } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { demandTeaching } from '#libs/learning';
import { parseDraft, readMarks, type Specification } from '../kinds/specification.js';
import type { FileStore, StoredFile } from '../files.ports.js';
import type { GradingResult } from '../model/grading-result.js';
import type { Marks } from '../model/marks.js';
import { fileOf } from '../model/work-file.js';
import type { Submission, Ungraded } from '../ports.js';
import type { GradingDependencies } from './dependencies.js';
import type { Graders } from './graders.js';
import { findInOrder } from './find-in-order.js';
import { gradeWork } from './grade-work.js';
import { templateOfWork } from './template-of-work.js';

/** A work to try a specification on: marks as they would be handed in, or a submission of the course. */
export interface WorkToTry {
  readonly marks: readonly object[] | null;
  readonly submissionId: string | null;
}

export interface PreviewGradeInput {
  readonly courseId: string;
  /** As it would stand in the key of an activity; told what is wrong with it where something is. */
  readonly specification: unknown;
  readonly works: readonly WorkToTry[];
}

/** How many works a specification is tried on at once. */
export const worksToTry = 5;

/** What came of one work, and which submission it was. */
export interface TriedWork {
  readonly submissionId: string | null;
  readonly result: GradingResult | Ungraded;
}

/** What grading a work that is read takes. */
interface Tried {
  readonly submissionId: string | null;
  readonly marks: Marks;
  readonly files: readonly StoredFile[];
  readonly template: Uint8Array | null;
}

type PreviewGradeDependencies = Pick<
  GradingDependencies,
  'unitOfWork' | 'access' | 'assignments' | 'submissions' | 'files' | 'media'
> & {
  readonly graders: Graders;
  readonly store: FileStore;
};

/** Lets a teacher try a specification before it is published. Nothing is stored, and no learner hears of it. */
export class PreviewGrade {
  constructor(private readonly deps: PreviewGradeDependencies) {}

  /** Gives the results in the order of the works. */
  async execute(actor: Actor, input: PreviewGradeInput): Promise<readonly TriedWork[] | Failure> {
    const { courseId } = input;
    const read = await this.deps.unitOfWork.read(actor, async () => {
      const refusal = await demandTeaching(this.deps.access, actor, courseId);
      if (refusal !== null) return refusal;
      const specification = parseDraft(input.specification);
      if (isFailure(specification)) return below('specification', specification);
      const works = await this.readWorks(specification, input);
      return isFailure(works) ? works : { specification, works };
    });
    if (isFailure(read)) return read;
    const results: TriedWork[] = [];
    const { specification } = read;
    for (const { submissionId, ...work } of read.works) {
      results.push({ submissionId, result: await gradeWork(this.deps, actor, { courseId, specification, ...work }) });
    }
    return results;
  }

  private async readWorks(
    specification: Specification,
    { courseId, works }: PreviewGradeInput,
  ): Promise<readonly Tried[] | Failure> {
    if (works.length === 0 || works.length > worksToTry) {
      return refuseInput([{ path: 'works', message: `try it on 1 to ${worksToTry} works` }]);
    }
    const read: Tried[] = [];
    const issues: FailureIssue[] = [];
    for (const [index, { marks, submissionId }] of works.entries()) {
      const path = `works.${index}`;
      if ((marks === null) === (submissionId === null)) {
        issues.push({ path, message: 'give its marks, or the id of a submission' });
        continue;
      }
      const submission = submissionId === null ? null : await this.deps.submissions.findSubmission(submissionId);
      if (submissionId !== null && submission?.courseId !== courseId) {
        return fail('NOT_FOUND', `${path}: the course has no such submission.`);
      }
      const files = await findInOrder(this.deps.files, submission?.fileIds ?? []);
      if (files.some((file) => fileOf(file) === 'package')) {
        issues.push({ path, message: 'a package takes minutes to grade: try predictions' });
        continue;
      }
      const found = readMarks(specification, marks ?? submission!.marks);
      if (isFailure(found)) issues.push(...(below(path, found).issues ?? []));
      else read.push({ submissionId, marks: found, files, template: await this.templateOf(submission, files) });
    }
    return issues.length > 0 ? refuseInput(issues) : read;
  }

  /** The picture that the assignment of a work has labelled. */
  private async templateOf(submission: Submission | null, files: readonly StoredFile[]): Promise<Uint8Array | null> {
    const { assignments, media } = this.deps;
    const assignment = submission && (await assignments.findAssignment(submission.assignmentId));
    const pinned = assignment && (await assignments.findPinned([assignment])).get(assignment.id);
    return assignment && pinned ? templateOfWork(media, assignment.courseId, pinned.content, files) : null;
  }
}

/** The same failure, with its issues below a place of the input. */
function below(path: string, { issues = [], message }: Failure): Failure {
  if (issues.length === 0) return refuseInput([{ path, message }]);
  return refuseInput(issues.map((issue) => ({ ...issue, path: issue.path === '' ? path : `${path}.${issue.path}` })));
}
