import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  ScanRepository,
  type EarlierRequest,
  type ScanBatch,
  type ScanDecision,
  type ScanPage,
  type ScanWork,
} from '#libs/grading';
import {
  Prisma,
  type ScanBatch as BatchRow,
  type ScanDecision as DecisionRow,
  type ScanPage as PageRow,
  type ScanWork as WorkRow,
} from '../generated/client.js';
import { hashOf, isHashOf } from '../body-hash.js';
import { pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaScanRepository extends ScanRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findBatch(id: string): Promise<ScanBatch | null> {
    const row = await (await this.database.tenant()).scanBatch.findFirst({ where: { id } });
    return row === null ? null : toBatch(row);
  }

  override async findEarlierBatch(id: string, body: object): Promise<EarlierRequest<ScanBatch> | null> {
    const row = await (await this.database.tenant()).scanBatch.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: toBatch(row) };
  }

  override async lockBatch(id: string): Promise<ScanBatch | null> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$queryRaw`
      SELECT 1 AS one FROM scan_batches
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findBatch(id);
  }

  override async insertBatch({ refusals, failure, ...same }: ScanBatch, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const written = { refusals: refusalsOf(refusals), failure: failureOf(failure), bodyHash: hashOf(body) };
    const data = [{ ...same, ...written, institutionId }];
    const { count } = await (await this.database.tenant()).scanBatch.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async updateBatch(id: string, change: Parameters<ScanRepository['updateBatch']>[1]): Promise<void> {
    const { refusals, failure, ...same } = change;
    const data = {
      ...same,
      ...(refusals !== undefined && { refusals: refusalsOf(refusals) }),
      ...(failure !== undefined && { failure: failureOf(failure) }),
    };
    await (await this.database.tenant()).scanBatch.updateMany({ where: { id }, data });
  }

  override async listBatches(
    assignmentIds: readonly string[],
    { first, after }: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<string, Page<ScanBatch>>> {
    const tenant = await this.database.tenant();
    const older = after === null ? Prisma.sql`TRUE` : Prisma.sql`(created_at, id) < (${after.at}, ${after.id}::uuid)`;
    const ranked = await tenant.$queryRaw<{ id: string }[]>`
      SELECT b.id FROM unnest(${[...assignmentIds]}::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT id FROM scan_batches WHERE assignment_id = wanted.id AND ${older}
        ORDER BY created_at DESC, id DESC LIMIT ${first + 1}) b`;
    const rows = await tenant.scanBatch.findMany({
      where: { id: { in: ranked.map(({ id }) => id) } },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
    const of = (id: string): BatchRow[] => rows.filter(({ assignmentId }) => assignmentId === id);
    return new Map(assignmentIds.map((id) => [id, pageOf(of(id), first, toBatch)]));
  }

  override async insertPage({ looks, proposed, ...page }: ScanPage): Promise<void> {
    const { institutionId } = this.database;
    const data = { ...page, looks: [...looks], ...proposalOf(proposed), institutionId };
    await (await this.database.tenant()).scanPage.create({ data });
  }

  override async findPage(id: string): Promise<ScanPage | null> {
    const row = await (await this.database.tenant()).scanPage.findFirst({ where: { id } });
    return row === null ? null : toPage(row);
  }

  override async listPages(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanPage[]>> {
    const rows = await (
      await this.database.tenant()
    ).scanPage.findMany({
      where: { batchId: { in: [...batchIds] } },
      orderBy: [{ position: 'asc' }, { number: 'asc' }],
    });
    return byBatch(rows.map(toPage));
  }

  override async updatePages(pages: readonly ScanPage[]): Promise<void> {
    const tenant = await this.database.tenant();
    for (const {
      id,
      sha256,
      mediaType,
      bytes,
      width,
      height,
      looks,
      kind,
      turn,
      position,
      proposed,
      learnerId,
    } of pages) {
      const picture = { sha256, mediaType, bytes, width, height, looks: [...looks], turn };
      const data = { ...picture, kind, position, ...proposalOf(proposed), learnerId };
      await tenant.scanPage.updateMany({ where: { id }, data });
    }
  }

  override async findEarlierDecision(id: string, body: object): Promise<EarlierRequest<ScanDecision> | null> {
    const row = await (await this.database.tenant()).scanDecision.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: toDecision(row) };
  }

  override async insertDecision(decision: ScanDecision, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const data = [{ ...decision, bodyHash: hashOf(body), institutionId }];
    const { count } = await (await this.database.tenant()).scanDecision.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async listDecisions(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanDecision[]>> {
    const rows = await (
      await this.database.tenant()
    ).scanDecision.findMany({
      where: { batchId: { in: [...batchIds] } },
      orderBy: [{ decidedAt: 'asc' }, { id: 'asc' }],
    });
    return byBatch(rows.map(toDecision));
  }

  override async insertWork(work: ScanWork): Promise<void> {
    const { institutionId } = this.database;
    await (await this.database.tenant()).scanWork.create({ data: { ...work, institutionId } });
  }

  override async markWithdrawn(submissionId: string, decisionId: string): Promise<void> {
    const data = { withdrawnBy: decisionId };
    await (await this.database.tenant()).scanWork.updateMany({ where: { submissionId }, data });
  }

  override async listWorks(batchIds: readonly string[]): Promise<ReadonlyMap<string, readonly ScanWork[]>> {
    const rows = await (
      await this.database.tenant()
    ).scanWork.findMany({ where: { batchId: { in: [...batchIds] } }, orderBy: { submissionId: 'asc' } });
    return byBatch(rows.map(toWork));
  }
}

function byBatch<T extends { readonly batchId: string }>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) found.set(item.batchId, [...(found.get(item.batchId) ?? []), item]);
  return found;
}

function refusalsOf(refusals: ScanBatch['refusals']): Prisma.InputJsonArray {
  return refusals.map((file) => ({ ...file }));
}

function failureOf(failure: ScanBatch['failure']): Prisma.InputJsonObject | typeof Prisma.DbNull {
  return failure === null ? Prisma.DbNull : { ...failure };
}

function proposalOf(proposed: ScanPage['proposed']): Pick<PageRow, 'proposedId' | 'reason' | 'confidence'> {
  const { learnerId = null, reason = null, confidence = null } = proposed ?? {};
  return { proposedId: learnerId, reason, confidence };
}

function toBatch({ institutionId: _place, bodyHash: _hash, ...row }: BatchRow): ScanBatch {
  return {
    ...row,
    bytes: Number(row.bytes),
    format: row.format as ScanBatch['format'],
    matchBy: row.matchBy as ScanBatch['matchBy'],
    state: row.state as ScanBatch['state'],
    refusals: row.refusals as unknown as ScanBatch['refusals'],
    failure: row.failure as unknown as ScanBatch['failure'],
  };
}

function toPage({ institutionId: _place, proposedId, reason, confidence, ...row }: PageRow): ScanPage {
  return {
    ...row,
    mediaType: row.mediaType as ScanPage['mediaType'],
    kind: row.kind as ScanPage['kind'],
    turn: row.turn as ScanPage['turn'],
    proposed:
      proposedId === null
        ? null
        : {
            learnerId: proposedId,
            reason: reason as NonNullable<ScanPage['proposed']>['reason'],
            confidence: confidence!,
          },
  };
}

function toDecision({ institutionId: _place, bodyHash: _hash, ...row }: DecisionRow): ScanDecision {
  return { ...row, kind: row.kind as ScanDecision['kind'] };
}

function toWork({ institutionId: _place, ...row }: WorkRow): ScanWork {
  return row;
}
