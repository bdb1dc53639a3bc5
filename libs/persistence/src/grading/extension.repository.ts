import { ExtensionRepository, type Extension } from '#libs/grading';
import type { Database } from '../tenancy/database.js';

export class PrismaExtensionRepository extends ExtensionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findOwn(assignmentIds: readonly string[], learnerId: string): Promise<ReadonlyMap<string, Date>> {
    const rows = await (
      await this.database.tenant()
    ).extension.findMany({ where: { learnerId, assignmentId: { in: [...assignmentIds] } } });
    return new Map(rows.map(({ assignmentId, dueAt }) => [assignmentId, dueAt]));
  }

  override async listExtensions(assignmentIds: readonly string[]): Promise<Extension[]> {
    const rows = await (
      await this.database.tenant()
    ).extension.findMany({
      where: { assignmentId: { in: [...assignmentIds] } },
      orderBy: [{ grantedAt: 'asc' }, { learnerId: 'asc' }],
    });
    return rows.map(({ assignmentId, learnerId, dueAt, grantedAt }) => ({ assignmentId, learnerId, dueAt, grantedAt }));
  }

  override async saveExtension({ assignmentId, learnerId, dueAt, grantedAt }: Extension, by: string): Promise<void> {
    const { institutionId } = this.database;
    const change = { dueAt, grantedAt, grantedBy: by };
    await (
      await this.database.tenant()
    ).extension.upsert({
      where: { institutionId_assignmentId_learnerId: { institutionId, assignmentId, learnerId } },
      create: { institutionId, assignmentId, learnerId, ...change },
      update: change,
    });
  }

  override async removeExtension(assignmentId: string, learnerId: string): Promise<void> {
    await (await this.database.tenant()).extension.deleteMany({ where: { assignmentId, learnerId } });
  }
}
