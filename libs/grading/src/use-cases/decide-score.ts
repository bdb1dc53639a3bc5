import { kindOf, type Specification } from '../kinds/specification.js';
import type { GradingResult } from '../model/grading-result.js';
import type { Certification } from '../policy/certification.js';
import { decideRelease, type ReleaseDecision } from '../policy/decide-release.js';
import { calibrated } from '../policy/isotonic.js';
import type { Assignment, Score, Submission } from '../ports.js';
import type { CitedCertification, DecisionRepository, GradingDecision } from '../trust.ports.js';
import { certificationsOf } from './certifications-of.js';

/**
 * Decides what becomes of an automatic score, by what teachers have said of its grader so far. Of practice nothing is asked
 * for that: it goes out by its own confidence. To be called inside a unit of work.
 */
export async function decideScore(
  decisions: DecisionRepository,
  { submission, assignment, specification, result, score }: ScoreToDecide,
): Promise<GradingDecision & ReleaseDecision> {
  const kind = kindOf(specification);
  const types = new Map(
    result.criteria.map(({ criterionId }) => [criterionId, kind.criterionType(specification, criterionId)]),
  );
  const asked = assignment.stakes === 'graded' ? [...new Set(types.values())] : [];
  const pools = asked.map((criterionType) => ({ kind: specification.kind, criterionType, grader: score.grader }));
  const found = await certificationsOf(decisions, pools);
  const certifications = new Map(asked.map((type, index) => [type, found[index]!]));
  const certificationOf = (criterionId: string): Certification => certifications.get(types.get(criterionId)!)!;
  return {
    scoreId: score.id,
    submissionId: submission.id,
    courseId: submission.courseId,
    activityId: score.activityId,
    activityVersion: score.activityVersion,
    grader: score.grader,
    ...decideRelease(assignment, result, certificationOf, score.id),
    actor: null,
    criteria: result.criteria.map(({ criterionId, confidence }) => {
      const criterionType = types.get(criterionId)!;
      const calibration = certifications.get(criterionType)?.calibration ?? [];
      return { criterionId, criterionType, confidence, calibrated: calibrated(calibration, confidence) };
    }),
    certifications: [...certifications].map(([type, certification]) => cite(type, certification)),
    decidedAt: score.scoredAt,
  };
}

interface ScoreToDecide {
  readonly submission: Submission;
  readonly assignment: Assignment;
  readonly specification: Specification;
  readonly result: GradingResult;
  readonly score: Score;
}

function cite(
  criterionType: string,
  { state, audits, errors, threshold, bounded, bound, hasDrifted }: Certification,
): CitedCertification {
  return { criterionType, state, audits, errors, threshold, bounded, bound, hasDrifted };
}
