import type { GraderName } from './model/grading-result.js';
import type { DecidedCriterion } from './policy/agreement.js';
import type { Certification, CriterionAudit } from './policy/certification.js';

/**
 * What became of a score: `shown` to its learner, for practice; `deferred` to a teacher; `released`, though it counts, because what graded
 * is certified; `reviewed`: the teacher's own.
 */
export const decisionOutcomes = ['shown', 'deferred', 'released', 'reviewed'] as const;
export type DecisionOutcome = (typeof decisionOutcomes)[number];

/**
 * Why a score went to a teacher:
 * - left-to-teacher: the assignment leaves all that counts to teachers
 * - flagged: the work is blank or off-topic
 * - uncertified: too few audits say that this grader may be trusted with one of the criteria, or they say otherwise
 * - unsure: the confidence of a criterion is too low
 * - sampled: it could have been released; some of that is looked at for ever
 */
export const deferralReasons = ['left-to-teacher', 'flagged', 'uncertified', 'unsure', 'sampled'] as const;
export type DeferralReason = (typeof deferralReasons)[number];

/** What audits are pooled by, within an institution. */
export interface GraderPool {
  readonly kind: string;
  readonly criterionType: string;
  readonly grader: GraderName;
}

/** How sure a program was of a criterion. */
export interface SureCriterion {
  readonly criterionId: string;
  readonly criterionType: string;
  /** As it was given. */
  readonly confidence: number;
  /** The probability to be right that this had been worth so far; null where nothing was known. */
  readonly calibrated: number | null;
}

/** What audits had said of a type of criterion when a score was decided on: enough to find the same again. */
export interface CitedCertification extends Pick<
  Certification,
  'state' | 'audits' | 'errors' | 'threshold' | 'bounded' | 'bound' | 'hasDrifted'
> {
  readonly criterionType: string;
}

/** What was decided about a score. Decisions are only ever added. */
export interface GradingDecision {
  readonly scoreId: string;
  readonly submissionId: string;
  readonly courseId: string;
  readonly activityId: string;
  readonly activityVersion: number;
  readonly grader: GraderName;
  readonly outcome: DecisionOutcome;
  readonly reason: DeferralReason | null;
  /** Who decided, by pseudonym; null for the program. */
  readonly actor: string | null;
  /** Empty where no program had scored it. */
  readonly criteria: readonly SureCriterion[];
  readonly certifications: readonly CitedCertification[];
  readonly decidedAt: Date;
}

/** A decision that was stored: with the hash of the specification that the score is by, SHA-256 in hexadecimal, and its kind of work. */
export interface StoredDecision extends GradingDecision {
  readonly kind: string;
  readonly specificationHash: string;
}

/** What a teacher decided on a criterion that a program had scored. */
export interface NewAudit extends Omit<DecidedCriterion, 'graderVersion' | 'modelId'> {
  readonly pool: GraderPool;
  readonly assignmentId: string;
  /** Of her score among those of the work. */
  readonly sequence: number;
  /** Whether she had to look at it, rather than chose to. Only what was asked for says how often a program errs. */
  readonly isAsked: boolean;
}

/** Decisions on scores, and what those of teachers say of programs. All verbs run inside a unit of work. */
export abstract class DecisionRepository {
  /** @param pseudonym the learner's */
  abstract insertDecision(decision: GradingDecision, pseudonym: string): Promise<void>;
  /** Those on the scores of some submissions, each submission's in order. */
  abstract listDecisions(submissionIds: readonly string[]): Promise<StoredDecision[]>;
  abstract insertAudits(audits: readonly NewAudit[]): Promise<void>;
  /** Of the last audits of each pool that were asked for, so many at most, those that stand. */
  abstract listAudits(pools: readonly GraderPool[], most: number): Promise<readonly (readonly CriterionAudit[])[]>;
  /** The pools by which work of a course was graded, the latest first. */
  abstract listPools(courseId: string, most: number): Promise<GraderPool[]>;
  /** What teachers decided on the latest works of an assignment that stands; at most so many works. */
  abstract listDecided(assignmentId: string, mostWorks: number): Promise<DecidedCriterion[]>;
  /** Whether the first review of a work was asked for; false where there was none. */
  abstract wasAsked(submissionId: string): Promise<boolean>;
}
