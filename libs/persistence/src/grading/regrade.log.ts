import { RegradeLog, type EarlierRequest, type Regrade } from '#libs/grading';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

export class PrismaRegradeLog extends RegradeLog {
  constructor(private readonly database: Database) {
    super();
  }

  override async findEarlier(id: string, body: object): Promise<EarlierRequest<Regrade> | null> {
    const row = await (await this.database.tenant()).regrade.findFirst({ where: { id } });
    if (row === null) return null;
    const { assignmentId, fromVersion, toVersion, includeReviewed, works, decidedAt } = row;
    const record = { id, assignmentId, fromVersion, toVersion, includeReviewed, works, decidedAt };
    return { sameBody: isHashOf(row.bodyHash, body), record };
  }

  override async insertRegrade(regrade: Regrade, pseudonym: string, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).regrade.createMany({
      data: [{ ...regrade, institutionId, pseudonym, bodyHash: hashOf(body) }],
      skipDuplicates: true,
    });
    return count === 1;
  }
}
