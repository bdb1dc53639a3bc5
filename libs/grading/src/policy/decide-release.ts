import type { GradingResult } from '../model/grading-result.js';
import type { Assignment } from '../ports.js';
import type { DecisionOutcome, DeferralReason } from '../trust.ports.js';
import { isDrawnForAudit, type Certification } from './certification.js';
import { needsReview } from './needs-review.js';

/** What becomes of an automatic score, and why where a teacher has to look. */
export interface ReleaseDecision {
  readonly outcome: Exclude<DecisionOutcome, 'reviewed'>;
  readonly reason: DeferralReason | null;
}

/**
 * Decides whether an automatic score needs a teacher. Where work is practice, only what is unsure or odd does. Where it counts, all
 * does, unless the assignment allows what is certified: then it goes out if every criterion is of a type that is certified, and at
 * its threshold or above, and the lot does not fall on it. What is provisional never goes out by itself.
 * @param certificationOf what audits say of the type of a criterion
 */
export function decideRelease(
  { stakes, release }: Pick<Assignment, 'stakes' | 'release'>,
  result: Pick<GradingResult, 'confidence' | 'flags' | 'criteria' | 'isProvisional'>,
  certificationOf: (criterionId: string) => Certification,
  scoreId: string,
): ReleaseDecision {
  const deferred = (reason: DeferralReason): ReleaseDecision => ({ outcome: 'deferred', reason });
  const isFlagged = result.flags.length > 0;
  if (stakes === 'practice') {
    if (!needsReview(result, stakes)) return { outcome: 'shown', reason: null };
    return deferred(isFlagged ? 'flagged' : 'unsure');
  }
  if (release === 'teacher') return deferred('left-to-teacher');
  if (isFlagged) return deferred('flagged');
  if (result.isProvisional) return deferred('uncertified');
  const criteria = result.criteria.map(({ criterionId, confidence }) => {
    const { state, threshold } = certificationOf(criterionId);
    return { isCertified: state === 'auto-release', isSure: threshold !== null && confidence >= threshold };
  });
  if (criteria.length === 0 || criteria.some(({ isCertified }) => !isCertified)) return deferred('uncertified');
  if (criteria.some(({ isSure }) => !isSure)) return deferred('unsure');
  return isDrawnForAudit(scoreId) ? deferred('sampled') : { outcome: 'released', reason: null };
}
