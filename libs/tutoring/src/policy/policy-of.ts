import {
  assignPolicy,
  findPolicy,
  fringeAndBand,
  policies,
  readCitedName,
  withoutExploration,
  type Policy,
} from '#libs/recommendation';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { Situation } from '../ports.js';

/** What says by which policy is chosen for a learner. */
export type Assignee = Pick<Situation, 'pseudonym' | 'optedOut' | 'graded'>;

/** What a policy may know of a course. */
export type PolicyCatalogue = Pick<CourseCatalogue, 'masteryThreshold' | 'policies' | 'plan'>;

/** Which policy chooses, and whether chance has a part in it. */
export interface AssignedPolicy {
  readonly policy: Policy;
  /** If not, the policy is greedy already, and help is not drawn by how it has done either. */
  readonly explore: boolean;
}

/** The policy that chooses by default, with the course's threshold: what counts as mastered is the same for everyone. */
export function policyOf({ masteryThreshold }: Pick<CourseCatalogue, 'masteryThreshold'>): Policy {
  return { ...fringeAndBand, masteryThreshold };
}

/**
 * The policy that chooses for a learner now: the one that the plan of the course gives her, the default where there is no
 * plan, or where its policy can no longer be read. Upon graded work, and upon her who opted out, nothing is explored.
 */
export function policyFor(
  catalogue: PolicyCatalogue,
  { pseudonym, optedOut, graded }: Assignee,
  now: Date,
): AssignedPolicy {
  const { plan } = catalogue;
  if (plan === null) {
    const explore = !optedOut && !graded;
    const policy = policyOf(catalogue);
    return { policy: explore ? policy : withoutExploration(policy), explore };
  }
  const assigned = assignPolicy(plan, pseudonym, { now: now.getTime(), optedOut, gradedWork: graded });
  const policy = policyIn(catalogue, assigned.policy) ?? policyOf(catalogue);
  return { policy: assigned.explore ? policy : withoutExploration(policy), explore: assigned.explore };
}

/** A policy that a decision cites, greedy or not, with the threshold of the course; null when it is no longer known. */
export function citedPolicy(catalogue: PolicyCatalogue, citedName: string, version: number): Policy | null {
  const { name, explore } = readCitedName(citedName);
  const policy = policyIn(catalogue, { name, version });
  return policy === null || explore ? policy : withoutExploration(policy);
}

/** A policy that the code has or the course, with the course's threshold. */
function policyIn(catalogue: PolicyCatalogue, cited: Pick<Policy, 'name' | 'version'>): Policy | null {
  const policy = findPolicy(policies, cited) ?? findPolicy(catalogue.policies, cited);
  return policy && { ...policy, masteryThreshold: catalogue.masteryThreshold };
}
