import { knownFrom, type MasteryEstimate } from '#libs/mastery';
import type { Policy } from '../model/policy.js';
import { findPolicy } from './find-policy.js';

/** The first policy, kept for comparison: it finishes what is begun, and lets the estimate alone decide on mastery. */
export const fringeAndBandV1: Policy = {
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

/**
 * The policy that chooses by default: see `chooseNext` for what its numbers do. Against version 1, practice goes where it
 * is expected to add most and to open most, and a skill counts as mastered as soon as its answers say so, by knowledge
 * tracing.
 */
export const fringeAndBand: Policy = {
  ...fringeAndBandV1,
  version: 2,
  bandWithinSkill: true,
  shortlistPerSkill: 4,
  temperature: 0.1,
  knownFrom,
  weights: { ...fringeAndBandV1.weights, progress: 0, gain: 1, opens: 1 },
};

/** Every policy that decisions may cite, the newest version of each name first. */
export const policies: readonly Policy[] = [fringeAndBand, fringeAndBandV1];

/** A policy by name, in its newest version where none is asked for; null where there is none. */
export function policyNamed(name: string, version?: number): Policy | null {
  return findPolicy(policies, { name, version });
}

/** What `isMastered` needs to know of a policy. */
export type MasteryCriterion = Pick<Policy, 'masteryThreshold' | 'minimumResponses' | 'knownFrom'>;

/**
 * Whether a skill counts as mastered under a policy: seen often enough to say so, and either the estimate has reached
 * the threshold, or it may have (its interval reaches so far) and knowledge tracing says that the skill is known.
 *
 * The second way is there because the estimate of a right answer moves slowly on purpose, and never beyond what even
 * those who know get wrong. Whoever only guesses among four options has the chance 1/256 of four right answers in a row.
 */
export function isMastered(estimate: MasteryEstimate, policy: MasteryCriterion): boolean {
  const { masteryThreshold, minimumResponses, knownFrom: from } = policy;
  if (estimate.responses < minimumResponses) return false;
  if (estimate.probability >= masteryThreshold) return true;
  if (from === undefined || estimate.known === undefined || estimate.high < masteryThreshold) return false;
  return estimate.known >= from;
}
