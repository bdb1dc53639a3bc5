import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  ModelRepository,
  type ModelPackage,
  type ModelPointer,
  type ModelState,
  type ModelTask,
  type ModelTransition,
  type PackageRefusal,
  type ShadowComparison,
  type VerifiedModel,
} from '#libs/models';
import type {
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

  override async findPointers(courseId: string): Promise<ModelPointer[]> {
    const tenant = await this.database.tenant();
    return (await tenant.modelPointer.findMany({ where: { courseId }, orderBy: { name: 'asc' } })).map(toPointer);
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

  override async compareJudgements(shadowId: string, activeId: string): Promise<ShadowComparison> {
    // The last score of a work is the one that stands; only what a teacher has settled says what is right.
    const [row] = await (
      await this.database.tenant()
    ).$queryRaw<ComparisonRow[]>`
      WITH settled AS (
        SELECT s.submission_id, c->>'criterionId' AS criterion_id, (c->>'awarded')::float8 AS awarded
        FROM (SELECT DISTINCT ON (submission_id) submission_id, source, criteria FROM scores
              WHERE submission_id IN (SELECT submission_id FROM model_judgements WHERE model_id = ${shadowId}::uuid)
              ORDER BY submission_id, sequence DESC) s
        CROSS JOIN jsonb_array_elements(s.criteria) c
        WHERE s.source = 'review'
      ), pairs AS (
        SELECT abs(shadow.awarded - settled.awarded) < 1e-9 AS shadow_right,
               abs(active.awarded - settled.awarded) < 1e-9 AS active_right
        FROM model_judgements shadow
        JOIN model_judgements active USING (submission_id, criterion_id)
        JOIN settled USING (submission_id, criterion_id)
        WHERE shadow.model_id = ${shadowId}::uuid AND active.model_id = ${activeId}::uuid
          AND shadow.label IS NOT NULL AND active.label IS NOT NULL
      )
      SELECT count(*)::int AS settled,
             count(*) FILTER (WHERE shadow_right)::int AS "shadowRight",
             count(*) FILTER (WHERE active_right)::int AS "activeRight",
             count(*) FILTER (WHERE shadow_right AND NOT active_right)::int AS "onlyShadowRight",
             count(*) FILTER (WHERE active_right AND NOT shadow_right)::int AS "onlyActiveRight",
             (SELECT count(*)::int FROM model_judgements WHERE model_id = ${shadowId}::uuid AND label IS NULL) AS failed
      FROM pairs`;
    return row!;
  }
}

type ComparisonRow = ShadowComparison;

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

function toPointer({ courseId, name, activeId, previousId }: PointerRow): ModelPointer {
  return { courseId, name, activeId, previousId };
}

function toTransition({ modelId, sequence, from, to, actor, reason, at }: TransitionRow): ModelTransition {
  return { modelId, sequence, from: from as ModelState | null, to: to as ModelState, actor, reason, at };
}
