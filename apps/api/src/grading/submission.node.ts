import type { AssignmentView, ReadAssignments, ScoreView, SubmissionView } from '#libs/grading';
import type { ScoreType, SubmissionType } from './submission.type.js';

/** A submission on its way out; nested fields read on from the view. */
export interface SubmissionNode extends Omit<SubmissionType, 'assignment'> {
  readonly view: SubmissionView;
}

export function toSubmissionNode(view: SubmissionView): SubmissionNode {
  const { id, courseId, failure, failureDetail, scannedBy, marks, fileId, deviceAt, receivedAt } = view.submission;
  // The picture of work that was withdrawn may be another learner's.
  const isShown = view.seenAs === 'teacher' || view.submission.state !== 'withdrawn';
  return {
    view,
    id,
    courseId,
    state: view.state,
    failure: view.seenAs === 'teacher' ? failure : null,
    failureDetail,
    marks,
    fromScan: scannedBy !== null,
    picture: fileId === null || !isShown ? null : `/files/${fileId}`,
    deviceAt,
    receivedAt,
  };
}

/** The assignment of a submission, seen by the same eyes. */
export function assignmentOf({ view }: SubmissionNode, read: ReadAssignments): AssignmentView {
  return read.toView(view.assignment, view.seenAs);
}

export function toScoreNode({ grader, criteria, ...score }: ScoreView): ScoreType {
  return {
    ...score,
    grader: grader.name,
    graderVersion: grader.version,
    modelId: grader.modelId,
    criteria: criteria.map(({ evidence, ...criterion }) => ({ ...criterion, ...evidence })),
  };
}
