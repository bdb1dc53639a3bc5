import type { Failure } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import {
  policies as policiesInCode,
  policyPlanSchema,
  readPolicy,
  type Policy,
  type PolicyPlan,
} from '#libs/recommendation';
import type { KeptPolicy, PolicyRepository } from '../ports.js';

/** A policy as whoever manages a course sees it. */
export interface PolicyView extends Pick<Policy, 'name' | 'version'> {
  /** The one that it changes; null for one that the code has. */
  readonly base: Pick<Policy, 'name' | 'version'> | null;
  /** All its numbers; null where what was stored can no longer be read, so that it never chooses. */
  readonly numbers: Omit<Policy, 'name' | 'version'> | null;
  readonly createdAt: Date | null;
}

/** The policies that may choose in a course, and which of them do. */
export interface CoursePolicies {
  readonly policies: readonly PolicyView[];
  /** Null where the default chooses for everybody. */
  readonly plan: PolicyPlan | null;
}

/** Reads the policies of a course: for its teachers, and for administrators. */
export class ReadPolicies {
  constructor(
    private readonly access: CourseAccess,
    private readonly unitOfWork: UnitOfWork,
    private readonly policies: PolicyRepository,
  ) {}

  /** Those that the code has come first, then the course's own, each name with its newest version first. */
  async execute(actor: Actor, courseId: string): Promise<CoursePolicies | Failure> {
    const refusal = await demandTeaching(this.access, actor, courseId);
    return refusal ?? this.unitOfWork.read(actor, () => coursePoliciesOf(this.policies, courseId));
  }
}

/** Reads all of it, inside a unit of work. */
export async function coursePoliciesOf(repository: PolicyRepository, courseId: string): Promise<CoursePolicies> {
  const stored = await repository.listPolicies(courseId);
  const plan = policyPlanSchema.safeParse(await repository.findPlan(courseId));
  return { policies: [...policiesInCode.map(viewOfCode), ...stored.map(viewOfKept)], plan: plan.data ?? null };
}

/** A policy of a course's own, with all its numbers. */
export function viewOfKept(kept: KeptPolicy): PolicyView {
  const reading = readPolicy(kept, policiesInCode);
  const { name, version, base, createdAt } = kept;
  return { name, version, base, numbers: reading.kind === 'policy' ? numbersOf(reading.policy) : null, createdAt };
}

function viewOfCode(policy: Policy): PolicyView {
  const { name, version } = policy;
  return { name, version, base: null, numbers: numbersOf(policy), createdAt: null };
}

function numbersOf(policy: Policy): Omit<Policy, 'name' | 'version'> {
  const { name: _, version: __, ...numbers } = policy;
  return numbers;
}
