import { PolicyRepository, type KeptPolicy } from '#libs/tutoring';
import { Prisma, type Policy as PolicyRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

/** Policies have rows of their own, the plan is the course's, and whether a learner takes part stands in her enrolment. */
export class PrismaPolicyRepository extends PolicyRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async listPolicies(courseId: string): Promise<KeptPolicy[]> {
    const tenant = await this.database.tenant();
    const rows = await tenant.policy.findMany({ where: { courseId }, orderBy: [{ name: 'asc' }, { version: 'desc' }] });
    return rows.map(toPolicy);
  }

  override async insertPolicy(courseId: string, policy: KeptPolicy, createdBy: string): Promise<void> {
    const { name, version, base, changes, createdAt } = policy;
    await (
      await this.database.tenant()
    ).policy.create({
      data: {
        institutionId: this.database.institutionId,
        courseId,
        name,
        version,
        baseName: base.name,
        baseVersion: base.version,
        changes: changes as Prisma.InputJsonObject,
        createdAt,
        createdBy,
      },
    });
  }

  override async findPlan(courseId: string): Promise<unknown> {
    const tenant = await this.database.tenant();
    const row = await tenant.course.findFirst({ where: { id: courseId }, select: { policyPlan: true } });
    return row?.policyPlan ?? null;
  }

  override async savePlan(courseId: string, plan: Parameters<PolicyRepository['savePlan']>[1]): Promise<void> {
    // Prisma's type of JSON takes no lists that are read only.
    const policyPlan = plan === null ? Prisma.DbNull : (plan as unknown as Prisma.InputJsonObject);
    await (await this.database.tenant()).course.updateMany({ where: { id: courseId }, data: { policyPlan } });
  }

  override async hasOptedOut(courseId: string, userId: string): Promise<boolean> {
    const where = { courseId, userId, experimentsOptedOutAt: { not: null } };
    return (await (await this.database.tenant()).enrolment.count({ where })) > 0;
  }

  override async saveOptOut(courseId: string, userId: string, at: Date | null): Promise<void> {
    // Whoever opts out again did so the first time.
    const where = { courseId, userId, ...(at !== null && { experimentsOptedOutAt: null }) };
    const data = { experimentsOptedOutAt: at };
    await (await this.database.tenant()).enrolment.updateMany({ where, data });
  }
}

function toPolicy({ name, version, baseName, baseVersion, changes, createdAt }: PolicyRow): KeptPolicy {
  return { name, version, base: { name: baseName, version: baseVersion }, changes, createdAt };
}
