import { RegradeRepository, type EarlierRequest, type RegradeRequest, type RegradeState } from '#libs/grading';
import type { RegradeRequest as RegradeRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

export class PrismaRegradeRepository extends RegradeRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findRequest(id: string): Promise<RegradeRequest | null> {
    const row = await (await this.database.tenant()).regradeRequest.findFirst({ where: { id } });
    return row === null ? null : toRequest(row);
  }

  override async findEarlier(id: string, body: object): Promise<EarlierRequest<RegradeRequest> | null> {
    const row = await (await this.database.tenant()).regradeRequest.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: toRequest(row) };
  }

  override async listRequests(submissionIds: readonly string[]): Promise<RegradeRequest[]> {
    const rows = await (
      await this.database.tenant()
    ).regradeRequest.findMany({
      where: { submissionId: { in: [...submissionIds] } },
      orderBy: [{ requestedAt: 'asc' }, { id: 'asc' }],
    });
    return rows.map(toRequest);
  }

  override async insertRequest(request: RegradeRequest, pseudonym: string, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).regradeRequest.createMany({
      data: [{ ...request, institutionId, pseudonym, bodyHash: hashOf(body) }],
      skipDuplicates: true,
    });
    return count === 1;
  }

  override async closeRequests(
    ids: readonly string[],
    how: Parameters<RegradeRepository['closeRequests']>[1],
  ): Promise<void> {
    const tenant = await this.database.tenant();
    await tenant.regradeRequest.updateMany({ where: { id: { in: [...ids] } }, data: how });
  }

  override async reopenAnsweredBy(scoreId: string): Promise<void> {
    const open = 'open' satisfies RegradeState;
    const data = { state: open, answeringScoreId: null, closedBy: null, closedAt: null };
    await (await this.database.tenant()).regradeRequest.updateMany({ where: { answeringScoreId: scoreId }, data });
  }
}

function toRequest(row: RegradeRow): RegradeRequest {
  const { id, submissionId, scoreId, reason, answer, answeringScoreId, requestedAt, closedAt } = row;
  const state = row.state as RegradeState;
  return { id, submissionId, scoreId, reason, state, answer, answeringScoreId, requestedAt, closedAt };
}
