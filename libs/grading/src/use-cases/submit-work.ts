import { fail, isFailure, type Failure, type StreamedEvent } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { kindOf, readSpecification } from '../kinds/specification.js';
import { submissionReceived } from '../model/events.js';
import type { Marks } from '../model/marks.js';
import type { Assignment, EarlierRequest, Submission, SubmissionState } from '../ports.js';
import { whyClosed } from '../policy/assignment-window.js';
import type { GradingDependencies } from './dependencies.js';

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

/** A learner hands work in; it is stored together with the job that grades it. */
export class SubmitWork {
  constructor(private readonly deps: GradingDependencies) {}

  async execute(actor: Actor, input: WorkInput): Promise<SubmittedWork | Failure> {
    const { unitOfWork, access, assignments, submissions, publisher } = this.deps;
    let events: readonly StreamedEvent[] = [];
    const outcome = await unitOfWork.run(actor, async () => {
      const assignment = await assignments.findAssignment(input.assignmentId);
      const role = assignment && (await access.roleIn(actor, assignment.courseId));
      if (assignment === null || role === null) return fail('NOT_FOUND', 'There is no such assignment for you.');
      if (role !== 'learner') return fail('FORBIDDEN', 'Only somebody who is enrolled as a learner hands work in.');
      const earlier = await submissions.findEarlier(input.id, input);
      if (earlier !== null) return again(actor, earlier);
      const submission = await this.check(actor, assignment, input);
      if (isFailure(submission)) return submission;
      if (!(await submissions.insertSubmission(submission, input))) {
        // Two requests with one id at once: the other one was first.
        return again(actor, (await submissions.findEarlier(input.id, input))!);
      }
      events = await this.send(submission);
      return { kind: 'submitted', submissionId: input.id, state: submission.state, resent: false } as const;
    });
    publisher.publish(events);
    return outcome;
  }

  private async check(actor: Actor, assignment: Assignment, input: WorkInput): Promise<Submission | Failure> {
    const now = this.deps.clock.now();
    const closed = whyClosed(assignment, now);
    if (closed !== null) return closed;
    const marks = await this.checkMarks(assignment, input);
    if (isFailure(marks)) return marks;
    if (input.fileId !== null) {
      const file = await this.deps.files.findFile(input.fileId);
      if (file?.ownerId !== actor.userId) return fail('NOT_FOUND', 'fileId: there is no such upload of yours.');
    }
    return {
      id: input.id,
      assignmentId: assignment.id,
      courseId: assignment.courseId,
      learnerId: actor.userId,
      marks,
      fileId: input.fileId,
      state: 'queued',
      failure: null,
      deviceAt: new Date(input.at),
      receivedAt: new Date(now),
    };
  }

  private async checkMarks(assignment: Assignment, { marks, fileId }: WorkInput): Promise<Marks | Failure> {
    const pinned = (await this.deps.assignments.findPinned([assignment])).get(assignment.id);
    if (pinned === undefined) throw new Error(`The assignment ${assignment.id} lacks its activity.`);
    const specification = readSpecification(pinned.content);
    if (isFailure(specification)) throw new Error(`The assignment ${assignment.id} has no valid specification.`);
    return kindOf(specification).readWork(specification, { marks, hasPicture: fileId !== null });
  }

  /** The streams come last: their locks are held until the commit. */
  private async send(submission: Submission): Promise<StreamedEvent[]> {
    await this.deps.queue.enqueue(submission.id);
    return this.deps.events.append([submissionReceived(submission)], submission.receivedAt);
  }
}

function again(actor: Actor, { sameBody, record }: EarlierRequest<Submission>): SubmittedWork | Failure {
  if (!sameBody || record.learnerId !== actor.userId) return fail('ID_REUSED');
  return { kind: 'submitted', submissionId: record.id, state: record.state, resent: true };
}
