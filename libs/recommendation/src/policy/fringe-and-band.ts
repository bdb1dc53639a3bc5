import type { MasteryEstimate } from '#libs/mastery';
import type { Policy } from '../model/policy.js';

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
 * is expected to add most and to open most, and a skill counts as mastered as soon as its answers say so: chances of
 * Corbett & Anderson (1995) for a skill not yet taught, four options to guess among, and one slip in ten.
 */
export const fringeAndBand: Policy = {
  ...fringeAndBandV1,
  version: 2,
  bandWithinSkill: true,
  shortlistPerSkill: 4,
  temperature: 0.1,
  knowing: { prior: 0.1, guess: 0.25, slip: 0.1 },
  weights: { ...fringeAndBandV1.weights, progress: 0, gain: 1, opens: 1 },
};

/** Every policy that decisions may cite, the newest version of each name first. */
export const policies: readonly Policy[] = [fringeAndBand, fringeAndBandV1];

/** A policy by name, in its newest version where none is asked for; null where there is none. */
export function findPolicy(name: string, version?: number): Policy | null {
  return (
    policies.find((policy) => policy.name === name && (version === undefined || policy.version === version)) ?? null
  );
}

/** What `isMastered` needs to know of a policy. */
export type MasteryCriterion = Pick<Policy, 'masteryThreshold' | 'minimumResponses' | 'knowing'>;

/**
 * Whether a skill counts as mastered under a policy: seen often enough to say so, and either the estimate has reached
 * the threshold, or it may have (its interval reaches so far) and the learner is far enough ahead in her answers.
 *
 * The second way is there because an estimate of ability moves slowly on purpose: four right answers in a row take it to
 * .78. Whoever only guesses among four options has the chance 1/256 of those.
 */
export function isMastered(estimate: MasteryEstimate, policy: MasteryCriterion): boolean {
  const { masteryThreshold, minimumResponses, knowing } = policy;
  if (estimate.responses < minimumResponses) return false;
  if (estimate.probability >= masteryThreshold) return true;
  if (knowing === undefined || estimate.lead === undefined || estimate.high < masteryThreshold) return false;
  return estimate.lead >= leadFor(masteryThreshold, knowing);
}

/**
 * The lead in answers from which on a skill that is either known or not is known with a probability (a cumulative sum
 * test for the change from one to the other: E. S. Page, "Continuous Inspection Schemes", Biometrika 41, 1954):
 *
 *   lead ≥ (logit threshold − logit prior) / ln((1 − slip) / guess)
 *
 * A right answer speaks for knowing with ln((1 − slip) / guess), a wrong one against it with ln((1 − guess) / slip):
 * 1.28 and 2.01 with guess ¼ and slip 1/10, hence one up and two down. A threshold of .85 takes a lead of 4, .95 of 5.
 */
export function leadFor(threshold: number, { prior, guess, slip }: NonNullable<Policy['knowing']>): number {
  return Math.ceil((logit(threshold) - logit(prior)) / Math.log((1 - slip) / guess));
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
