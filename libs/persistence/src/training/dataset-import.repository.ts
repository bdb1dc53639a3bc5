import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import { DatasetImportRepository, type DatasetImport } from '#libs/training';
import { Prisma, type DatasetImport as ImportRow } from '../generated/client.js';
import { pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaDatasetImportRepository extends DatasetImportRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findImport(id: string): Promise<DatasetImport | null> {
    const row = await (await this.database.tenant()).datasetImport.findFirst({ where: { id } });
    return row === null ? null : toImport(row);
  }

  override async lockImport(id: string): Promise<DatasetImport | null> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$queryRaw`
      SELECT 1 AS one FROM dataset_imports
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findImport(id);
  }

  override async insertImport({ refusals, failure, ...same }: DatasetImport): Promise<boolean> {
    const { institutionId } = this.database;
    const data = [{ ...same, refusals: refusalsOf(refusals), failure: failureOf(failure), institutionId }];
    const { count } = await (await this.database.tenant()).datasetImport.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async updateImport(
    id: string,
    change: Parameters<DatasetImportRepository['updateImport']>[1],
  ): Promise<void> {
    const { refusals, failure, ...same } = change;
    const data = {
      ...same,
      ...(refusals !== undefined && { refusals: refusalsOf(refusals) }),
      ...(failure !== undefined && { failure: failureOf(failure) }),
    };
    await (await this.database.tenant()).datasetImport.updateMany({ where: { id }, data });
  }

  override async listImports(
    datasetIds: readonly string[],
    { first, after }: PageRequest<TimeKey>,
  ): Promise<ReadonlyMap<string, Page<DatasetImport>>> {
    const older = after === null ? Prisma.sql`TRUE` : Prisma.sql`(created_at, id) < (${after.at}, ${after.id}::uuid)`;
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<StoredImport[]>`
      SELECT i.id, i.dataset_id AS "datasetId", i.sha256, i.bytes, i.state, i.files, i.added, i.relabelled, i.unchanged,
             i.refused, i.refusals, i.failure, i.created_by AS "createdBy", i.created_at AS "createdAt",
             i.ended_at AS "endedAt"
      FROM unnest(${[...datasetIds]}::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT * FROM dataset_imports WHERE dataset_id = wanted.id AND ${older}
        ORDER BY created_at DESC, id DESC LIMIT ${first + 1}) i
      ORDER BY i.created_at DESC, i.id DESC`;
    const of = (id: string): StoredImport[] => rows.filter(({ datasetId }) => datasetId === id);
    return new Map(datasetIds.map((id) => [id, pageOf(of(id), first, toImport)]));
  }
}

type StoredImport = Omit<ImportRow, 'institutionId'>;

function refusalsOf(refusals: DatasetImport['refusals']): Prisma.InputJsonArray {
  return refusals.map((file) => ({ ...file }));
}

function failureOf(failure: DatasetImport['failure']): Prisma.InputJsonObject | typeof Prisma.DbNull {
  return failure === null ? Prisma.DbNull : { ...failure };
}

function toImport(row: StoredImport): DatasetImport {
  const { id, datasetId, sha256, bytes, files, added, relabelled, unchanged, refused } = row;
  const { createdBy, createdAt, endedAt } = row;
  return {
    id,
    datasetId,
    sha256,
    bytes: Number(bytes),
    state: row.state as DatasetImport['state'],
    files,
    added,
    relabelled,
    unchanged,
    refused,
    refusals: row.refusals as unknown as DatasetImport['refusals'],
    failure: row.failure as unknown as DatasetImport['failure'],
    createdBy,
    createdAt,
    endedAt,
  };
}
