import { seededRng } from '#libs/kernel';
import type { Policy } from '../model/policy.js';
import type { PolicyArm, PolicyPlan } from '../model/policy-plan.js';

/** What an assignment depends on, besides the plan and the learner. */
export interface AssignmentCircumstances {
  /** Unix milliseconds. */
  readonly now: number;
  readonly optedOut: boolean;
  /** What she does now counts towards a grade. */
  readonly gradedWork: boolean;
}

/** Which policy chooses for a learner, and why that one. */
export interface PolicyAssignment {
  readonly policy: PolicyArm['policy'];
  /** Place of the arm in the plan; 0 is the control. */
  readonly arm: number;
  /** Probability with which a learner like her falls into this arm: 1 where nothing was drawn. */
  readonly probability: number;
  /** Whether chance may have a part in choosing; if not, see {@link withoutExploration}. */
  readonly explore: boolean;
  readonly why: 'assigned' | 'opted-out' | 'graded-work' | 'not-running';
}

/**
 * Assigns a learner to an arm of a plan: always the same one, in the given shares, and independently of other plans. Her
 * pseudonym and the plan's salt seed a generator whose first number, uniform in [0, 1), falls into one of the shares, laid
 * end to end (hashed assignment: R. Kohavi, D. Tang & Y. Xu, "Trustworthy Online Controlled Experiments", 2020, ch. 4).
 * Outside the plan's time, for whoever opted out and for graded work it is the control: nobody is graded by an experiment.
 * Nothing is explored upon her who opted out, nor upon graded work.
 */
export function assignPolicy(
  plan: PolicyPlan,
  learnerPseudonym: string,
  { now, optedOut, gradedWork }: AssignmentCircumstances,
): PolicyAssignment {
  const control = { policy: plan.arms[0]!.policy, arm: 0, probability: 1, explore: false };
  if (optedOut) return { ...control, why: 'opted-out' };
  if (gradedWork) return { ...control, why: 'graded-work' };
  if (!isRunning(plan, now)) return { ...control, explore: true, why: 'not-running' };
  const arm = armAt(plan.arms, seededRng(JSON.stringify([plan.salt, learnerPseudonym]))());
  const { policy, share } = plan.arms[arm]!;
  return { policy, arm, probability: share, explore: true, why: 'assigned' };
}

/** Whether a plan runs at a time, in Unix milliseconds: from its start on, and before its end. */
export function isRunning({ startsAt, endsAt }: Pick<PolicyPlan, 'startsAt' | 'endsAt'>, now: number): boolean {
  return now >= startsAt && (endsAt === null || now < endsAt);
}

/** Whether learners are given different policies at a time, so that they have to be told. */
export function isComparing(plan: PolicyPlan, now: number): boolean {
  return plan.arms.length > 1 && isRunning(plan, now);
}

/** The arm whose share a number in [0, 1) falls into; shares may sum to a little less than 1. */
function armAt(arms: readonly PolicyArm[], place: number): number {
  let left = place;
  for (let arm = 0; arm < arms.length; arm++) {
    left -= arms[arm]!.share;
    if (left < 0) return arm;
  }
  return arms.findLastIndex(({ share }) => share > 0);
}

/**
 * The same policy without chance: the best, and of equals the first by id, with probability 1. It has a name of its own, so
 * that a decision says by which it was made. Give it no help bandit: Thompson sampling explores.
 */
export function withoutExploration(policy: Policy): Policy {
  return { ...policy, name: `${policy.name}${greedy}`, epsilon: 0, shortlist: 1 };
}

/** Splits the name that a decision cites: the policy's own, and whether it chose without exploration. */
export function readCitedName(cited: string): { readonly name: string; readonly explore: boolean } {
  return cited.endsWith(greedy)
    ? { name: cited.slice(0, -greedy.length), explore: false }
    : { name: cited, explore: true };
}

const greedy = ':greedy';
