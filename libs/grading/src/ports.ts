import type { Failure, Page, PageRequest, TimeKey } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { ActivityContent, ActivityKind, Modality } from '#libs/learning';
import type { OpenFile, OpenPicture } from './files.ports.js';
import type {
  CriterionScore,
  ExtraMark,
  GraderName,
  GradingResult,
  JudgedByModel,
  ProjectReport,
} from './model/grading-result.js';
import type { Marks } from './model/marks.js';
import type { ReviewComment } from './model/review-comment.js';

/** What a score counts for: `practice` is shown as it comes, `graded` only after a teacher has settled it. */
export const stakes = ['practice', 'graded'] as const;
export type Stakes = (typeof stakes)[number];

/** Who lets the scores of graded work go out: `teacher` always; `certified` lets a program whose word is certified do it too. */
export const releases = ['teacher', 'certified'] as const;
export type Release = (typeof releases)[number];

/**
 * A visual activity that learners hand work in for; it stays with the version of the activity that it was made with, until a
 * teacher moves it to another one and has its works graded anew.
 */
export interface Assignment {
  readonly id: string;
  readonly courseId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly title: string;
  readonly stakes: Stakes;
  readonly release: Release;
  readonly opensAt: Date | null;
  readonly dueAt: Date | null;
  readonly closedAt: Date | null;
  /** Whether teachers see aliases in place of the learners, until these are revealed. */
  readonly anonymous: boolean;
  /** When the learners were revealed, which cannot be taken back. */
  readonly revealedAt: Date | null;
  readonly createdAt: Date;
  /** Where it comes from, and its id there: both, or neither. */
  readonly source: string | null;
  readonly externalId: string | null;
}

/** The version of an activity that an assignment stays with. It holds the key: not for learners. */
export interface PinnedActivity {
  readonly id: string;
  readonly version: number;
  readonly kind: ActivityKind;
  readonly modality: Modality;
  readonly language: string;
  readonly minutes: number;
  readonly skillIds: readonly string[];
  readonly content: ActivityContent;
}

/** Assignments. All verbs run inside a unit of work. */
export abstract class AssignmentRepository {
  abstract findAssignment(id: string): Promise<Assignment | null>;
  /** Reads it under a row lock, so that those who change it take turns. */
  abstract lockAssignment(id: string): Promise<Assignment | null>;
  /** Reads it, and lets nobody change it until the unit of work ends: what is graded goes by stakes that hold. */
  abstract holdAssignment(id: string): Promise<Assignment | null>;
  abstract findAssignments(ids: readonly string[]): Promise<Assignment[]>;
  /** Newest first. */
  abstract listAssignments(courseId: string, page: PageRequest<TimeKey>): Promise<Page<Assignment>>;
  /** False when its id or its external key is taken. */
  abstract insertAssignment(assignment: Assignment): Promise<boolean>;
  abstract updateAssignment(
    id: string,
    change: Partial<
      Pick<
        Assignment,
        'title' | 'stakes' | 'release' | 'opensAt' | 'dueAt' | 'closedAt' | 'revealedAt' | 'activityVersion'
      >
    >,
  ): Promise<void>;
  /** The pinned versions of some assignments, by assignment id. */
  abstract findPinned(
    assignments: readonly Pick<Assignment, 'id' | 'activityId' | 'activityVersion'>[],
  ): Promise<ReadonlyMap<string, PinnedActivity>>;
}

/**
 * queued → graded | certified | needs-review | failed → reviewed; `certified` is work that counts and was released without
 * a teacher. A submission that failed may still be graded by a replay, and a
 * reviewed one stays reviewed. `withdrawn` is work that a teacher had handed in for its learner and took back: it stays on
 * record, and nothing becomes of it any more.
 */
export const submissionStates = [
  'queued',
  'graded',
  'needs-review',
  'failed',
  'certified',
  'reviewed',
  'withdrawn',
] as const;
export type SubmissionState = (typeof submissionStates)[number];

/**
 * Why a submission was not graded by a program:
 * - specification-invalid, marks-invalid: the key or the work cannot be read
 * - grader-crashed, gave-up: the program failed, once or each time it was tried
 * - file-missing: the file that was handed in is gone
 * - no-model: the course has no active model under the name that the specification says
 * - model-failed: the model gave no answer
 * - model-unsure: the model says that it does not know
 * - model-unfit: the model learnt from what a program made, and the work counts
 * - test-set-missing: what a project is graded on is gone
 * - package-refused: the model package that was handed in does not stand; its learner is told why
 * - package-exhausted: it takes more time or memory than it may; she is told, and it was an attempt
 * - photo-unusable: the photo is blank, dark, blurred or lacks its markers; its learner is told what to do
 * - photo-unmeasured: the program that measures photos gave no answer
 * - in-words: it describes what others draw, and a teacher reads it
 */
export const gradingFailures = [
  'specification-invalid',
  'marks-invalid',
  'grader-crashed',
  'gave-up',
  'file-missing',
  'no-model',
  'model-failed',
  'model-unsure',
  'model-unfit',
  'test-set-missing',
  'package-refused',
  'package-exhausted',
  'photo-unusable',
  'photo-unmeasured',
  'in-words',
] as const;
export type GradingFailure = (typeof gradingFailures)[number];

/** Work as its grader sees it. */
export interface WorkToGrade<S> {
  readonly actor: Actor;
  readonly courseId: string;
  readonly specification: S;
  readonly marks: Marks;
  /** In the order in which they were handed in; none where any of them is gone. */
  readonly pictures: readonly OpenPicture[];
  /** What projects take: predictions or a package; else the first picture. Null where none was handed in, or it is gone. */
  readonly file: OpenFile | null;
  /** The picture of the course that is worked on; null where there is none, or it is gone. */
  readonly template: Uint8Array | null;
}

/** A grader gave no score. */
export interface Ungraded {
  readonly kind: 'ungraded';
  readonly reason: GradingFailure;
  /** Whether it may well go better in a moment. */
  readonly isPassing: boolean;
  readonly judgements: readonly JudgedByModel[];
  /** For the learner: what she can mend. */
  readonly detail: string | null;
  /** For operators: what was thrown or said, nothing of the work. */
  readonly cause?: unknown;
}

export function ungraded(reason: GradingFailure, more: Partial<Omit<Ungraded, 'kind' | 'reason'>> = {}): Ungraded {
  return { kind: 'ungraded', reason, isPassing: false, judgements: [], detail: null, ...more };
}

/** Grades one kind of visual work. */
export abstract class Grader<S extends { readonly kind: string } = { readonly kind: string }> {
  abstract readonly kind: S['kind'];

  /** Refuses what can be told at once, before it is taken: nothing, unless a kind says otherwise. */
  check(_work: WorkToGrade<S>): Promise<Failure | null> {
    return Promise.resolve(null);
  }

  abstract grade(work: WorkToGrade<S>): Promise<GradingResult | Ungraded>;
}

/** Work that a learner handed in. */
export interface Submission {
  readonly id: string;
  readonly assignmentId: string;
  readonly courseId: string;
  readonly learnerId: string;
  /** Where the assignment is anonymous, an id that stands for the learner in it, and tells nothing of her. */
  readonly alias: string | null;
  readonly marks: Marks;
  /** In the order in which its learner gave them. */
  readonly fileIds: readonly string[];
  readonly state: SubmissionState;
  readonly failure: GradingFailure | null;
  /** What its learner can mend, in words; of withdrawn work, why it is. */
  readonly failureDetail: string | null;
  /** Pseudonym of the teacher who handed it in for its learner, from scans; null where she did herself. */
  readonly scannedBy: string | null;
  readonly deviceAt: Date;
  readonly receivedAt: Date;
}

/** An earlier request with the same client-made id. */
export interface EarlierRequest<R> {
  readonly sameBody: boolean;
  readonly record: R;
}

/** Another's work whose picture looks alike. */
export interface Lookalike {
  readonly submissionId: string;
  readonly learnerId: string;
  /** In how many of 64 bits the pictures differ. */
  readonly bits: number;
}

/** Submissions. All verbs run inside a unit of work. */
export abstract class SubmissionRepository {
  abstract findSubmission(id: string): Promise<Submission | null>;
  abstract findSubmissions(ids: readonly string[]): Promise<Submission[]>;
  /** Reads it under a row lock, so that grading, reviews and hints of one submission take turns. */
  abstract lockSubmission(id: string): Promise<(Submission & { readonly pseudonym: string }) | null>;
  abstract findEarlier(id: string, body: object): Promise<EarlierRequest<Submission> | null>;
  /** Tells whether it was stored: an id that is taken is left alone. */
  abstract insertSubmission(submission: Submission, body: object): Promise<boolean>;
  /** Has a teacher look at the work of an assignment that a program has graded. */
  abstract sendToReview(assignmentId: string): Promise<void>;
  abstract setState(
    id: string,
    state: SubmissionState,
    failure: Pick<Submission, 'failure' | 'failureDetail'> | null,
  ): Promise<void>;
  /** Lets nobody else hand in as this learner for this assignment until the unit of work ends. */
  abstract takeTurn(assignmentId: string, learnerId: string): Promise<void>;
  /** The alias of a learner in an assignment; null where she has none yet. */
  abstract findAlias(assignmentId: string, learnerId: string): Promise<string | null>;
  /** Works of a learner for an assignment, but for those that no program could read. */
  abstract countAttempts(assignmentId: string, learnerId: string): Promise<number>;
  /**
   * The work of a course, of an assignment where one is named, of a learner where one is; newest first.
   * @param which `onlyNamed`: leaves out what would tell whose anonymous work is
   */
  abstract listSubmissions(
    which: {
      readonly courseId: string;
      readonly assignmentId: string | null;
      readonly learnerId: string | null;
      readonly onlyNamed: boolean;
    },
    page: PageRequest<TimeKey>,
  ): Promise<Page<Submission>>;
  /** How many works of an assignment could be graded anew: those that a teacher has settled, and the others. */
  abstract countForRegrade(assignmentId: string): Promise<{ readonly reviewed: number; readonly unreviewed: number }>;
  /** Works of an assignment, the latest first. */
  abstract listForRegrade(
    assignmentId: string,
    which: { readonly withReviewed: boolean },
    limit: number,
  ): Promise<Submission[]>;
  /**
   * Has works of an assignment that do not wait for their grader wait for it again; tells which, and which of them take minutes.
   * @param which `unlockedOnly`: leaves out those that somebody holds, and waits for nobody
   */
  abstract sendToGrading(
    assignmentId: string,
    which: { readonly withReviewed: boolean; readonly unlockedOnly: boolean },
  ): Promise<readonly { readonly submissionId: string; readonly isLong: boolean }[]>;
  /**
   * Works of others for the same assignment whose picture is so few bits away, in one of four turns, by submission; the most alike first.
   * @param bits 0–64, see `perceptual-hash.ts`
   */
  abstract listLookalikes(
    submissionIds: readonly string[],
    bits: number,
  ): Promise<ReadonlyMap<string, readonly Lookalike[]>>;
  /** Whether a file was handed in, and all works that it was handed in with are withdrawn. */
  abstract isWithdrawn(fileId: string): Promise<boolean>;
  /** The courses in which the owner of a file has handed it in. */
  abstract listCoursesOfFile(fileId: string, ownerId: string): Promise<string[]>;
}

/** The score of a criterion, and whether a teacher changed it. */
export interface SettledCriterion extends CriterionScore {
  readonly overridden: boolean;
}

/** Who judges: a program, or a teacher; or a teacher takes a review back, so that the score before it stands again. */
export const scoreSources = ['automatic', 'review', 'withdrawal'] as const;
export type ScoreSource = (typeof scoreSources)[number];

/**
 * One judgement of a submission. Scores are only ever added; the last one stands. A withdrawal repeats the score that stands
 * again, and where there is none, says that nothing was found.
 */
export interface Score {
  readonly id: string;
  readonly submissionId: string;
  /** From 1. */
  readonly sequence: number;
  readonly source: ScoreSource;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly grader: GraderName;
  readonly total: number;
  readonly maximum: number;
  readonly confidence: number;
  readonly criteria: readonly SettledCriterion[];
  readonly extras: readonly ExtraMark[];
  readonly flags: readonly string[];
  readonly report: ProjectReport | null;
  /** Who reviewed; null for an automatic score. */
  readonly reviewerPseudonym: string | null;
  readonly reason: string | null;
  /** Of a review, what the teacher says besides; nothing of other scores. */
  readonly comments: readonly ReviewComment[];
  /** Of a withdrawal, the review that it takes back. */
  readonly withdrawsId: string | null;
  readonly scoredAt: Date;
}

/** Scores. All verbs run inside a unit of work. */
export abstract class ScoreRepository {
  /** The scores of some submissions, each submission's in order. */
  abstract listScores(submissionIds: readonly string[]): Promise<Score[]>;
  abstract findScore(id: string): Promise<Score | null>;
  abstract findEarlier(id: string, body: object): Promise<EarlierRequest<Score> | null>;
  /** @param pseudonym the learner's; `body` is null for automatic scores, which nobody resends */
  abstract insertScore(score: Score, pseudonym: string, body: object | null): Promise<void>;
}

/** A hint that was given on one criterion of a submission. */
export interface WorkHint {
  readonly id: string;
  readonly activityId: string;
  readonly submissionId: string;
  readonly criterionId: string;
  /** From 1. */
  readonly step: number;
  readonly deviceAt: Date;
  readonly givenAt: Date;
}

/** Hints on work. All verbs run inside a unit of work. */
export abstract class WorkHintRepository {
  /** The last step that was given, by submission and criterion. */
  abstract lastSteps(submissionIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>>;
  /** The last step that a learner was told of each criterion on other work for the same activity. */
  abstract lastTold(
    pseudonym: string,
    of: { readonly activityId: string; readonly exceptOn: string },
  ): Promise<ReadonlyMap<string, number>>;
  abstract findEarlier(id: string, body: object): Promise<EarlierRequest<{ readonly step: number }> | null>;
  /** Tells whether it was stored: an id that is taken is left alone. */
  abstract insertHint(hint: WorkHint, pseudonym: string, body: object): Promise<boolean>;
}

/**
 * Has submissions graded, and learnt from, each as part of the unit of work that is open: no job without its row, no row
 * without it.
 */
export abstract class GradingQueue {
  /** @param work `isLong`: it takes minutes, so it must not stand in the way of other work */
  abstract enqueue(submissionId: string, work: { readonly isLong: boolean }): Promise<void>;
  /** @param scoreId the first score of a submission that its learner sees */
  abstract enqueueLearning(scoreId: string): Promise<void>;
  /** The same for many, in few statements. */
  abstract enqueueAll(works: readonly { readonly submissionId: string; readonly isLong: boolean }[]): Promise<void>;
}
