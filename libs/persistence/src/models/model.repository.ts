import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  ModelRepository,
  type LiveAgreement,
  type ModelJudgement,
  type ModelPackage,
  type ModelPair,
  type ModelPointer,
  type ModelState,
  type ModelTask,
  type ModelTransition,
  type PackageRefusal,
  type ShadowComparison,
  type VerifiedModel,
} from '#libs/models';
import type {
  ModelJudgement as JudgementRow,
  ModelPackage as ModelRow,
  ModelPointer as PointerRow,
  ModelTransition as TransitionRow,
  Prisma,
} from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';

export class PrismaModelRepository extends ModelRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findModel(id: string): Promise<ModelPackage | null> {
    const row = await (await this.database.tenant()).modelPackage.findFirst({ where: { id } });
    return row === null ? null : toModel(row);
  }

  override async lockModel(id: string): Promise<ModelPackage | null> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$queryRaw`
      SELECT 1 AS one FROM model_packages
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR NO KEY UPDATE`;
    return this.findModel(id);
  }

  override async findBySha256(courseId: string, sha256: string): Promise<ModelPackage | null> {
    const where = { courseId, sha256, state: { not: 'refused' satisfies ModelState } };
    const row = await (await this.database.tenant()).modelPackage.findFirst({ where });
    return row === null ? null : toModel(row);
  }

  override async listModels(
    courseId: string,
    name: string | null,
    page: PageRequest<TimeKey>,
  ): Promise<Page<ModelPackage>> {
    const rows = await (
      await this.database.tenant()
    ).modelPackage.findMany({
      where: { courseId, ...(name !== null && { name }), ...olderThan('uploadedAt', page) },
      orderBy: [{ uploadedAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toModel);
  }

  override async insertModel(model: ModelPackage): Promise<boolean> {
    const { id, courseId, sha256, bytes, state, runId, uploadedAt } = model;
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).modelPackage.createMany({
      data: [{ institutionId, id, courseId, sha256, bytes, state, runId, uploadedAt }],
      skipDuplicates: true,
    });
    return count === 1;
  }

  override async setState(id: string, state: ModelState): Promise<void> {
    await (await this.database.tenant()).modelPackage.updateMany({ where: { id }, data: { state } });
  }

  override async setVerified(id: string, verified: VerifiedModel): Promise<void> {
    const { name, version, task } = verified;
    const manifest = verified.manifest as unknown as Prisma.InputJsonObject;
    const verification = verified.verification as unknown as Prisma.InputJsonObject;
    const data = { state: 'verified' satisfies ModelState, name, version, task, manifest, verification };
    await (await this.database.tenant()).modelPackage.updateMany({ where: { id }, data });
  }

  override async setRefused(id: string, { reason, detail }: PackageRefusal): Promise<void> {
    const data = { state: 'refused' satisfies ModelState, refusal: { reason, detail } };
    await (await this.database.tenant()).modelPackage.updateMany({ where: { id }, data });
  }

  override async isKept(sha256: string): Promise<boolean> {
    const where = { sha256, state: { not: 'refused' satisfies ModelState } };
    return (await (await this.database.tenant()).modelPackage.count({ where })) > 0;
  }

  override async lockPointer(courseId: string, name: string): Promise<ModelPointer> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    await tenant.modelPointer.createMany({ data: [{ institutionId, courseId, name }], skipDuplicates: true });
    await tenant.$queryRaw`
      SELECT 1 AS one FROM model_pointers
      WHERE institution_id = ${institutionId}::uuid AND course_id = ${courseId}::uuid AND name = ${name} FOR UPDATE`;
    return toPointer((await tenant.modelPointer.findFirst({ where: { courseId, name } }))!);
  }

  override async findPointers(courseIds: readonly string[]): Promise<ModelPointer[]> {
    const tenant = await this.database.tenant();
    return (await tenant.modelPointer.findMany({ where: { courseId: { in: [...courseIds] } } })).map(toPointer);
  }

  override async savePointer({ courseId, name, activeId, previousId }: ModelPointer): Promise<void> {
    const data = { activeId, previousId };
    await (await this.database.tenant()).modelPointer.updateMany({ where: { courseId, name }, data });
  }

  override async nextVersion(courseId: string, name: string): Promise<number> {
    const tenant = await this.database.tenant();
    const { _max } = await tenant.modelPackage.aggregate({ where: { courseId, name }, _max: { version: true } });
    return (_max.version ?? 0) + 1;
  }

  override async insertTransition(transition: Omit<ModelTransition, 'sequence'>): Promise<void> {
    const { modelId } = transition;
    const tenant = await this.database.tenant();
    const { _max } = await tenant.modelTransition.aggregate({ where: { modelId }, _max: { sequence: true } });
    const { institutionId } = this.database;
    await tenant.modelTransition.create({ data: { ...transition, institutionId, sequence: (_max.sequence ?? 0) + 1 } });
  }

  override async listTransitions(modelIds: readonly string[]): Promise<ModelTransition[]> {
    const rows = await (
      await this.database.tenant()
    ).modelTransition.findMany({
      where: { modelId: { in: [...modelIds] } },
      orderBy: [{ modelId: 'asc' }, { sequence: 'asc' }],
    });
    return rows.map(toTransition);
  }

  override async listJudging(courseId: string, name: string): Promise<ModelPackage[]> {
    const states: ModelState[] = ['active', 'shadow'];
    const rows = await (
      await this.database.tenant()
    ).modelPackage.findMany({ where: { courseId, name, state: { in: states } }, orderBy: { version: 'asc' } });
    return rows.map(toModel);
  }

  override async insertJudgements(judgements: readonly ModelJudgement[]): Promise<void> {
    const { institutionId } = this.database;
    const data = judgements.map((judgement) => ({ ...judgement, institutionId }));
    await (await this.database.tenant()).modelJudgement.createMany({ data, skipDuplicates: true });
  }

  override async listJudgements(submissionIds: readonly string[]): Promise<ModelJudgement[]> {
    const rows = await (
      await this.database.tenant()
    ).modelJudgement.findMany({
      where: { submissionId: { in: [...submissionIds] } },
      orderBy: [{ submissionId: 'asc' }, { criterionId: 'asc' }, { judgedAt: 'asc' }, { modelId: 'asc' }],
    });
    return rows.map(toJudgement);
  }

  override async compareJudgements(pairs: readonly ModelPair[]): Promise<ReadonlyMap<string, ShadowComparison>> {
    const [modelIds, activeIds] = [pairs.map(({ modelId }) => modelId), pairs.map(({ activeId }) => activeId)];
    // The last score of a work is the one that stands; only what a teacher has settled says what is right.
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<ComparisonRow[]>`
      WITH pairs AS (
        SELECT * FROM unnest(${modelIds}::uuid[], ${activeIds}::uuid[]) AS p (model_id, active_id)
      ), judged AS (
        SELECT p.model_id, submission_id, criterion_id, mine.awarded AS mine, active.awarded AS active
        FROM pairs p
        JOIN model_judgements mine ON mine.model_id = p.model_id AND mine.label IS NOT NULL
        JOIN model_judgements active USING (submission_id, criterion_id)
        WHERE active.model_id = p.active_id AND active.label IS NOT NULL
      ), settled AS (
        SELECT s.submission_id, c->>'criterionId' AS criterion_id, (c->>'awarded')::float8 AS awarded
        FROM (SELECT DISTINCT ON (submission_id) submission_id, criteria FROM scores
              WHERE submission_id IN (SELECT submission_id FROM judged)
              ORDER BY submission_id, sequence DESC) s
        CROSS JOIN jsonb_array_elements(s.criteria) c
        WHERE EXISTS (SELECT FROM submissions w WHERE w.id = s.submission_id AND w.state = 'reviewed')
      ), compared AS (
        SELECT model_id, abs(mine - awarded) < 1e-9 AS mine, abs(active - awarded) < 1e-9 AS active
        FROM judged JOIN settled USING (submission_id, criterion_id)
        WHERE mine IS NOT NULL AND active IS NOT NULL
      )
      SELECT p.model_id AS "modelId",
             count(c.mine)::int AS settled,
             count(*) FILTER (WHERE c.mine)::int AS "shadowRight",
             count(*) FILTER (WHERE c.active)::int AS "activeRight",
             count(*) FILTER (WHERE c.mine AND NOT c.active)::int AS "onlyShadowRight",
             count(*) FILTER (WHERE c.active AND NOT c.mine)::int AS "onlyActiveRight",
             (SELECT count(*)::int FROM model_judgements f WHERE f.model_id = p.model_id AND f.label IS NULL) AS failed
      FROM pairs p LEFT JOIN compared c USING (model_id)
      GROUP BY p.model_id`;
    return new Map(rows.map(({ modelId, ...comparison }) => [modelId, comparison]));
  }

  override async agreementSince(modelId: string, since: Date, window: number): Promise<LiveAgreement> {
    const [row] = await (
      await this.database.tenant()
    ).$queryRaw<LiveAgreement[]>`
      WITH settled AS (
        SELECT j.judged_at, abs(j.awarded - (criterion->>'awarded')::float8) < 1e-9 AS agrees
        FROM model_judgements j
        JOIN submissions w ON w.id = j.submission_id AND w.state = 'reviewed'
        CROSS JOIN LATERAL (SELECT criteria FROM scores s WHERE s.submission_id = j.submission_id
                            ORDER BY sequence DESC LIMIT 1) last
        CROSS JOIN LATERAL jsonb_array_elements(last.criteria) criterion
        WHERE j.model_id = ${modelId}::uuid AND j.judged_at >= ${since} AND j.awarded IS NOT NULL
          AND criterion->>'criterionId' = j.criterion_id
        ORDER BY j.judged_at DESC, j.submission_id DESC LIMIT ${window}::int
      ), span AS (
        SELECT min(judged_at) AS first, max(judged_at) AS last FROM settled
      )
      SELECT count(*)::int AS settled, count(*) FILTER (WHERE agrees)::int AS agreed,
             (SELECT count(*)::int FROM span
              JOIN model_judgements j ON j.judged_at BETWEEN span.first AND span.last
              JOIN submissions w ON w.id = j.submission_id AND w.state IN ('graded', 'certified')
              WHERE j.model_id = ${modelId}::uuid AND j.awarded IS NOT NULL) AS unlooked
      FROM settled`;
    return row!;
  }
}

type ComparisonRow = ShadowComparison & { readonly modelId: string };

function toModel(row: ModelRow): ModelPackage {
  const { id, courseId, sha256, uploadedAt, runId } = row;
  return {
    id,
    courseId,
    sha256,
    bytes: Number(row.bytes),
    state: row.state as ModelState,
    uploadedAt,
    runId,
    verified: toVerified(row),
    refusal: row.refusal as unknown as ModelPackage['refusal'],
  };
}

function toVerified({ name, version, task, manifest, verification }: ModelRow): VerifiedModel | null {
  if (name === null) return null;
  return {
    name,
    version: version!,
    task: task as ModelTask,
    manifest: manifest as unknown as VerifiedModel['manifest'],
    verification: verification as unknown as VerifiedModel['verification'],
  };
}

function toJudgement(row: JudgementRow): ModelJudgement {
  const { submissionId, modelId, criterionId, label, probability, awarded, judgedAt } = row;
  return { submissionId, modelId, criterionId, label, probability, awarded, judgedAt };
}

function toPointer({ courseId, name, activeId, previousId }: PointerRow): ModelPointer {
  return { courseId, name, activeId, previousId };
}

function toTransition({ modelId, sequence, from, to, actor, reason, at }: TransitionRow): ModelTransition {
  return { modelId, sequence, from: from as ModelState | null, to: to as ModelState, actor, reason, at };
}
