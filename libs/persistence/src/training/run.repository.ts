import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  RunRepository,
  type ReceivedProgress,
  type RunPlace,
  type TrainingProgress,
  type TrainingRun,
} from '#libs/training';
import { Prisma, type TrainingProgress as ProgressRow, type TrainingRun as RunRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaRunRepository extends RunRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findByCode(codeDigest: string): Promise<RunPlace | null> {
    const rows = await this.database.global.$queryRaw<RunPlace[]>`
      SELECT institution_id AS "institutionId", run_id AS "runId" FROM attune_find_training_run(${bytesOf(codeDigest)})`;
    return rows[0] ?? null;
  }

  override listToTend(silentSince: Date, now: Date): Promise<RunPlace[]> {
    return this.database.global.$queryRaw<RunPlace[]>`
      SELECT institution_id AS "institutionId", run_id AS "runId"
      FROM attune_training_runs_to_tend(${silentSince}::timestamptz, ${now}::timestamptz)`;
  }

  override async findRun(id: string): Promise<TrainingRun | null> {
    const row = await (await this.database.tenant()).trainingRun.findFirst({ where: { id } });
    return row === null ? null : toRun(row);
  }

  override async lockRun(id: string): Promise<TrainingRun | null> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$queryRaw`
      SELECT 1 AS one FROM training_runs
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findRun(id);
  }

  override async insertRun(run: TrainingRun, codeDigest: string): Promise<boolean> {
    const { institutionId } = this.database;
    const { dataset: _, weights, numbers, ...same } = run;
    const json = { weights: weights as Prisma.InputJsonValue, numbers: numbers as Prisma.InputJsonObject };
    const data = [{ ...same, ...json, institutionId, codeHash: bytesOf(codeDigest) }];
    const { count } = await (await this.database.tenant()).trainingRun.createMany({ data, skipDuplicates: true });
    return count === 1;
  }

  override async listRuns(courseId: string, page: PageRequest<TimeKey>): Promise<Page<TrainingRun>> {
    const rows = await (
      await this.database.tenant()
    ).trainingRun.findMany({
      where: { courseId, ...olderThan('createdAt', page) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toRun);
  }

  override async updateRun(id: string, change: Parameters<RunRepository['updateRun']>[1]): Promise<void> {
    const { dataset, ...same } = change;
    const json =
      dataset === null
        ? { dataset: Prisma.DbNull }
        : dataset && { dataset: dataset as unknown as Prisma.InputJsonObject };
    await (await this.database.tenant()).trainingRun.updateMany({ where: { id }, data: { ...same, ...json } });
  }

  override async setCode(id: string, codeDigest: string): Promise<void> {
    const data = { codeHash: bytesOf(codeDigest) };
    await (await this.database.tenant()).trainingRun.updateMany({ where: { id }, data });
  }

  override async setToken(id: string, tokenDigest: string | null): Promise<void> {
    const data = { tokenHash: tokenDigest === null ? null : bytesOf(tokenDigest) };
    await (await this.database.tenant()).trainingRun.updateMany({ where: { id }, data });
  }

  override async hasToken(id: string, tokenDigest: string): Promise<boolean> {
    const where = { id, tokenHash: bytesOf(tokenDigest) };
    return (await (await this.database.tenant()).trainingRun.count({ where })) === 1;
  }

  override async insertProgress(id: string, lines: readonly TrainingProgress[], receivedAt: Date): Promise<number> {
    const { institutionId } = this.database;
    const data = lines.map(({ at, message, ...line }) => ({
      ...line,
      message: message ?? null,
      at: new Date(at),
      institutionId,
      runId: id,
      receivedAt,
    }));
    return (await (await this.database.tenant()).trainingProgress.createMany({ data, skipDuplicates: true })).count;
  }

  override async lastSequence(id: string): Promise<number> {
    const tenant = await this.database.tenant();
    const { _max } = await tenant.trainingProgress.aggregate({ where: { runId: id }, _max: { sequence: true } });
    return _max.sequence ?? 0;
  }

  override async listProgress(
    runIds: readonly string[],
    after: number,
    most: number,
  ): Promise<ReadonlyMap<string, readonly ReceivedProgress[]>> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<Omit<ProgressRow, 'institutionId'>[]>`
      SELECT p.run_id AS "runId", p.sequence, p.phase, p.epoch, p.epochs, p.metrics, p.message, p.at,
             p.received_at AS "receivedAt"
      FROM unnest(${[...runIds]}::uuid[]) AS wanted (id)
      CROSS JOIN LATERAL (
        SELECT * FROM training_progress WHERE run_id = wanted.id AND sequence > ${after}
        ORDER BY sequence LIMIT ${most}) p
      ORDER BY p.run_id, p.sequence`;
    return new Map(runIds.map((id) => [id, rows.filter(({ runId }) => runId === id).map(toProgress)]));
  }
}

/** Digests are kept as the bytes that their text of base64url stands for. */
function bytesOf(digest: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(digest, 'base64url'));
}

function toRun(row: RunRow): TrainingRun {
  const { id, courseId, datasetId, name, backbone, abstainBelow, failure, codeExpiresAt } = row;
  const { heardAt, stalledAt, cancelledAt, endedAt, modelId, createdBy, createdAt } = row;
  return {
    id,
    courseId,
    datasetId,
    name,
    task: row.task as TrainingRun['task'],
    engine: row.engine as TrainingRun['engine'],
    backbone,
    weights: row.weights as TrainingRun['weights'],
    abstainBelow,
    numbers: row.numbers as TrainingRun['numbers'],
    state: row.state as TrainingRun['state'],
    failure,
    dataset: row.dataset as unknown as TrainingRun['dataset'],
    codeExpiresAt,
    heardAt,
    stalledAt,
    cancelledAt,
    endedAt,
    modelId,
    createdBy,
    createdAt,
  };
}

function toProgress(row: Omit<ProgressRow, 'institutionId'>): ReceivedProgress {
  const { sequence, epoch, epochs, message, at, receivedAt } = row;
  return {
    sequence,
    phase: row.phase as ReceivedProgress['phase'],
    epoch,
    epochs,
    metrics: row.metrics as Record<string, number>,
    at: at.toISOString(),
    ...(message !== null && { message }),
    receivedAt,
  };
}
