import type { MasteryEstimate } from '#libs/mastery';
import type { Policy } from '../model/policy.js';

/** The policy that chooses by default: see `chooseNext` for what its numbers do. */
export const fringeAndBand: Policy = {
  name: 'outer-fringe-success-band',
  version: 1,
  masteryThreshold: 0.85,
  minimumResponses: 2,
  successBand: [0.7, 0.85],
  temperature: 0.15,
  epsilon: 0.1,
  repeatAfter: 10,
  reviewAfter: 30,
  shortlist: 12,
  weights: { fringe: 1, successBand: 1, introduction: 1.5, progress: 0.3, opens: 0.2, review: 0.8, variety: 0.3 },
  interventions: { window: 10, perWindow: 2, repeatAfter: 30 },
};

/** Whether a skill counts as mastered under a policy: likely enough, and seen often enough to say so. */
export function isMastered(
  estimate: MasteryEstimate,
  policy: Pick<Policy, 'masteryThreshold' | 'minimumResponses'>,
): boolean {
  return estimate.probability >= policy.masteryThreshold && estimate.responses >= policy.minimumResponses;
}
