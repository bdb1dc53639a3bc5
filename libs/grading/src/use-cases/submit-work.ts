import { fail, isFailure, type Failure, type NewEvent, type StreamedEvent } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { EnrolmentRepository } from '#libs/learning';
import { readMarks, readSpecification, type Specification } from '../kinds/specification.js';
import { submissionReceived } from '../model/events.js';
import { isWritten } from '../model/written-marks.js';
import { checkFile, fileOf } from '../model/work-file.js';
import type { FileStore, StoredFile } from '../files.ports.js';
import type { Assignment, EarlierRequest, PinnedActivity, Submission, SubmissionState } from '../ports.js';
import { extendedTo, whyClosed } from '../policy/assignment-window.js';
import type { GradingDependencies } from './dependencies.js';
import type { Graders } from './graders.js';
import { openFile } from './open-file.js';

export interface WorkInput {
  /** Made by the client: a resend must be identical. */
  readonly id: string;
  readonly assignmentId: string;
  /** Checked against the picture of the assignment. */
  readonly marks: readonly object[];
  readonly fileId: string | null;
  /** Unix milliseconds by the clock of the device. */
  readonly at: number;
}

export interface SubmittedWork {
  readonly kind: 'submitted';
  readonly submissionId: string;
  readonly state: SubmissionState;
  /** True when this id was handed in before with the same body: nothing changed now. */
  readonly resent: boolean;
}

export interface SubmitWorkDependencies extends GradingDependencies {
  readonly graders: Graders;
  readonly store: FileStore;
  readonly enrolments: EnrolmentRepository;
}

const noUpload = fail('NOT_FOUND', 'fileId: there is no such upload of yours.');

/** In whose name work is handed in. */
interface Submitter {
  readonly learnerId: string;
  /** Pseudonym of the teacher who hands it in for her; null where she does it herself. */
  readonly scannedBy: string | null;
}

/** A learner hands work in; it is stored together with the job that grades it. */
export class SubmitWork {
  constructor(private readonly deps: SubmitWorkDependencies) {}

  async execute(actor: Actor, input: WorkInput): Promise<SubmittedWork | Failure> {
    const { unitOfWork, access, assignments, submissions, publisher } = this.deps;
    const unreadable = await this.lookInto(actor, input);
    if (unreadable !== null) return unreadable;
    let events: readonly StreamedEvent[] = [];
    const outcome = await unitOfWork.run(actor, async () => {
      const assignment = await assignments.findAssignment(input.assignmentId);
      const role = assignment && (await access.roleIn(actor, assignment.courseId));
      if (assignment === null || role === null) return fail('NOT_FOUND', 'There is no such assignment for you.');
      if (role !== 'learner') return fail('FORBIDDEN', 'Only somebody who is enrolled as a learner hands work in.');
      const earlier = await submissions.findEarlier(input.id, input);
      if (earlier !== null) return again(actor, earlier);
      const closed = await this.whyClosed(actor, assignment, this.deps.clock.now());
      if (closed !== null) return closed;
      const checked = await this.check({ learnerId: actor.userId, scannedBy: null }, assignment, input);
      if (isFailure(checked)) return checked;
      const { submission, isLong } = checked;
      if (!(await submissions.insertSubmission(submission, input))) {
        // Two requests with one id at once: the other one was first.
        return again(actor, (await submissions.findEarlier(input.id, input))!);
      }
      events = await this.send(submission, isLong);
      return { kind: 'submitted', submissionId: input.id, state: submission.state, resent: false } as const;
    });
    publisher.publish(events);
    return outcome;
  }

  /**
   * Takes work that a teacher hands in for a learner of her course, whenever that is: the sheet was handed in when it was collected.
   * To be called inside a unit of work, by somebody who may; gives what is to be told.
   */
  async takeForLearner(
    teacher: Actor,
    learnerId: string,
    assignment: Assignment,
    input: WorkInput,
  ): Promise<readonly NewEvent[] | Failure> {
    const enrolment = await this.deps.enrolments.findEnrolment(assignment.courseId, learnerId);
    if (enrolment?.role !== 'learner' || enrolment.leftAt !== null) {
      return fail('NOT_FOUND', 'The course has no such learner.');
    }
    const checked = await this.check({ learnerId, scannedBy: teacher.pseudonym }, assignment, input);
    if (isFailure(checked)) return checked;
    const { submission, isLong } = checked;
    if (!(await this.deps.submissions.insertSubmission(submission, input))) return fail('ID_REUSED');
    await this.deps.queue.enqueue(submission.id, { isLong });
    return [submissionReceived(submission)];
  }

  private async check(
    { learnerId, scannedBy }: Submitter,
    assignment: Assignment,
    input: WorkInput,
  ): Promise<{ readonly submission: Submission; readonly isLong: boolean } | Failure> {
    const now = this.deps.clock.now();
    const { specification, content } = await this.activityOf(assignment);
    const marks = readMarks(specification, input.marks);
    if (isFailure(marks)) return marks;
    const file = await this.findFile(learnerId, input.fileId);
    if (isFailure(file)) return file;
    if (content.form.kind === 'file') await this.deps.submissions.takeTurn(assignment.id, learnerId);
    const refused =
      checkFile(content, file && fileOf(file), isWritten(marks)) ??
      (await this.checkAttempts(learnerId, assignment, content));
    if (refused !== null) return refused;
    const submission: Submission = {
      id: input.id,
      assignmentId: assignment.id,
      courseId: assignment.courseId,
      learnerId,
      alias: assignment.anonymous ? await this.aliasOf(learnerId, assignment) : null,
      marks,
      fileId: input.fileId,
      state: 'queued',
      failure: null,
      failureDetail: null,
      scannedBy,
      deviceAt: new Date(input.at),
      receivedAt: new Date(now),
    };
    return { submission, isLong: file !== null && fileOf(file) === 'package' };
  }

  private async findFile(ownerId: string, id: string | null): Promise<StoredFile | null | Failure> {
    const file = id === null ? null : await this.deps.files.findFile(id);
    return id !== null && file?.ownerId !== ownerId ? noUpload : file;
  }

  /**
   * What its grader can tell of a file at once: before it is taken, and while nothing is open in the database. What is refused
   * for another reason is refused later; what was taken before is looked into no more.
   */
  private async lookInto(actor: Actor, { id, assignmentId, marks, fileId }: WorkInput): Promise<Failure | null> {
    const { unitOfWork, access, assignments, submissions, files, graders, store, clock } = this.deps;
    if (fileId === null) return null;
    const found = await unitOfWork.read(actor, async () => {
      const [assignment, file] = [await assignments.findAssignment(assignmentId), await files.findFile(fileId)];
      const isNew = (await submissions.findSubmission(id)) === null;
      if (assignment === null || file?.ownerId !== actor.userId || !isNew) return null;
      if ((await access.roleIn(actor, assignment.courseId)) !== 'learner') return null;
      if ((await this.whyClosed(actor, assignment, clock.now())) !== null) return null;
      const activity = await this.activityOf(assignment);
      if ((await this.checkAttempts(actor.userId, assignment, activity.content)) !== null) return null;
      return { ...activity, file, courseId: assignment.courseId };
    });
    if (found === null || fileOf(found.file) === 'picture' || checkFile(found.content, fileOf(found.file), false))
      return null;
    const { file, courseId, specification } = found;
    const work = readMarks(specification, marks);
    if (isFailure(work)) return null;
    const opened = await openFile(store, actor, file);
    return graders.check({ actor, courseId, specification, marks: work, file: opened, picture: null });
  }

  /** @throws where the assignment has lost its activity, or its key cannot be read */
  private async activityOf(assignment: Assignment): Promise<PinnedActivity & { specification: Specification }> {
    const pinned = (await this.deps.assignments.findPinned([assignment])).get(assignment.id);
    if (pinned === undefined) throw new Error(`The assignment ${assignment.id} lacks its activity.`);
    const specification = readSpecification(pinned.content);
    if (isFailure(specification)) throw new Error(`The assignment ${assignment.id} has no valid specification.`);
    return { ...pinned, specification };
  }

  private async checkAttempts(
    learnerId: string,
    { id }: Assignment,
    { form }: PinnedActivity['content'],
  ): Promise<Failure | null> {
    if (form.kind !== 'file') return null;
    const used = await this.deps.submissions.countAttempts(id, learnerId);
    return used < form.attempts ? null : fail('NO_MORE_ATTEMPTS', `All ${form.attempts} attempts are used.`);
  }

  /** Who has more time than others is looked up only where the time of the others is over. */
  private async whyClosed({ userId }: Actor, assignment: Assignment, now: number): Promise<Failure | null> {
    const closed = whyClosed(assignment, now);
    if (closed === null) return null;
    const granted = (await this.deps.extensions.findOwn([assignment.id], userId)).get(assignment.id) ?? null;
    return whyClosed(extendedTo(assignment, granted), now);
  }

  /** The same in all works of hers for the assignment. */
  private async aliasOf(learnerId: string, { id }: Assignment): Promise<string> {
    const { submissions, ids } = this.deps;
    await submissions.takeTurn(id, learnerId);
    return (await submissions.findAlias(id, learnerId)) ?? ids.next();
  }

  /** The streams come last: their locks are held until the commit. */
  private async send(submission: Submission, isLong: boolean): Promise<StreamedEvent[]> {
    await this.deps.queue.enqueue(submission.id, { isLong });
    return this.deps.events.append([submissionReceived(submission)], submission.receivedAt);
  }
}

function again(actor: Actor, { sameBody, record }: EarlierRequest<Submission>): SubmittedWork | Failure {
  if (!sameBody || record.learnerId !== actor.userId) return fail('ID_REUSED');
  return { kind: 'submitted', submissionId: record.id, state: record.state, resent: true };
}
