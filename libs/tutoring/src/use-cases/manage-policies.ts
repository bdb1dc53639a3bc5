import { fail, isFailure, issuesOf, refuseInput, type Clock, type Failure } from '#libs/kernel';
import type { Actor, AuditLog, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess, type CourseRepository } from '#libs/learning';
import {
  findPolicy,
  policies as policiesInCode,
  policyPlanSchema,
  readPolicy,
  type PolicyPlan,
  type StoredPolicy,
} from '#libs/recommendation';
import type { PolicyRepository } from '../ports.js';
import { coursePoliciesOf, viewOfKept, type CoursePolicies, type PolicyView } from './read-policies.js';
import { noSuchCourse } from './refusals.js';

/** What managing policies takes. */
export interface PolicyDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly access: CourseAccess;
  readonly courses: CourseRepository;
  readonly policies: PolicyRepository;
  readonly audit: AuditLog;
  readonly clock: Clock;
}

/** How many policies of its own a course may have: all of them are kept in memory with it. */
export const maxPolicies = 100;

/** A policy name: decisions cite it, with `:greedy` behind it where nothing was explored. */
const namePattern = /^[a-z][a-z0-9-]{0,99}$/;

/** Makes policies of a course's own, and says which policies choose in it. */
export class ManagePolicies {
  constructor(private readonly deps: PolicyDependencies) {}

  /** A policy never changes once it is made: changed numbers are another version. The same again is harmless. */
  async create(actor: Actor, courseId: string, wanted: StoredPolicy): Promise<PolicyView | Failure> {
    const { unitOfWork, policies, courses, audit, clock } = this.deps;
    return unitOfWork.run(actor, async () => {
      const refused = (await this.lock(actor, courseId)) ?? refusePolicy(wanted);
      if (refused !== null) return refused;
      const stored = await policies.listPolicies(courseId);
      const { name, version, base } = wanted;
      const kept = { ...wanted, createdAt: new Date(clock.now()) };
      const same = stored.find((each) => each.name === name && each.version === version);
      if (same !== undefined) return isSame(same, wanted) ? viewOfKept(same) : taken(wanted);
      if (stored.length >= maxPolicies) {
        return fail(
          'INVALID_INPUT',
          `The course has ${maxPolicies} policies of its own already, and may have no more.`,
        );
      }
      await policies.insertPolicy(courseId, kept, actor.userId);
      await courses.raiseRevision(courseId);
      const details = { name, version, base };
      await audit.record(actor, { action: 'policy.created', objectKind: 'course', objectId: courseId, details });
      return viewOfKept(kept);
    });
  }

  /** Lets a plan choose from now on, in place of any other; null for the default policy. */
  async setPlan(actor: Actor, courseId: string, wanted: unknown): Promise<CoursePolicies | Failure> {
    const { unitOfWork, policies, courses, audit } = this.deps;
    return unitOfWork.run(actor, async () => {
      const refused = await this.lock(actor, courseId);
      if (refused !== null) return refused;
      const before = await coursePoliciesOf(policies, courseId);
      const plan = wanted === null ? null : readPlan(wanted, before);
      if (isFailure(plan)) return plan;
      if (readsAlike(plan, before.plan)) return before;
      await policies.savePlan(courseId, plan);
      await courses.raiseRevision(courseId);
      await audit.record(actor, {
        action: plan === null ? 'policy-plan.ended' : 'policy-plan.set',
        objectKind: 'course',
        objectId: courseId,
        ...(plan && { details: { ...plan } }),
      });
      return { ...before, plan };
    });
  }

  /** Those who change a course take turns. */
  private async lock(actor: Actor, courseId: string): Promise<Failure | null> {
    const { access, courses } = this.deps;
    const refused = await demandTeaching(access, actor, courseId);
    return refused ?? ((await courses.lockCourse(courseId)) === null ? noSuchCourse() : null);
  }
}

function refusePolicy(wanted: StoredPolicy): Failure | null {
  if (!namePattern.test(wanted.name)) {
    return refuseInput([{ path: 'name', message: 'not small letters, digits and hyphens, a letter first' }]);
  }
  if (findPolicy(policiesInCode, { name: wanted.name }) !== null) {
    return refuseInput([{ path: 'name', message: 'a policy that every course has is called so' }]);
  }
  const reading = readPolicy(wanted, policiesInCode);
  return reading.kind === 'policy' ? null : refuseInput([{ path: 'changes', message: reading.what }]);
}

/** Whether two policies choose alike: they have the same base and come to the same numbers. */
function isSame(kept: StoredPolicy, wanted: StoredPolicy): boolean {
  const [one, other] = [readPolicy(kept, policiesInCode), readPolicy(wanted, policiesInCode)];
  const sameBase = kept.base.name === wanted.base.name && kept.base.version === wanted.base.version;
  return sameBase && one.kind === 'policy' && readsAlike(one, other);
}

/** Whether two things that the same reader gave are equal: it names their parts in one order. */
function readsAlike(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

function taken({ name, version }: StoredPolicy): Failure {
  return fail('TAKEN', `The course has another policy ${name} ${version}. Changed numbers are a new version.`);
}

/** A plan that names policies there are, each once. */
function readPlan(wanted: unknown, { policies }: CoursePolicies): PolicyPlan | Failure {
  const read = policyPlanSchema.safeParse(wanted);
  if (!read.success) return refuseInput(issuesOf(read.error));
  const seen = new Set<string>();
  for (const [place, { policy }] of read.data.arms.entries()) {
    const { name, version } = policy;
    const known = policies.find((each) => each.name === name && each.version === version);
    if (known === undefined || known.numbers === null) {
      return refuseInput([{ path: `arms.${place}.policy`, message: `there is no policy ${name} ${version}` }]);
    }
    if (seen.has(`${name} ${version}`)) {
      return refuseInput([{ path: `arms.${place}.policy`, message: `${name} ${version} has an arm already` }]);
    }
    seen.add(`${name} ${version}`);
  }
  return read.data;
}
