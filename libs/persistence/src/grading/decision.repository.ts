import {
  DecisionRepository,
  type CriterionAudit,
  type DecidedCriterion,
  type DecisionOutcome,
  type DeferralReason,
  type GraderPool,
  type GradingDecision,
  type NewAudit,
  type StoredDecision,
} from '#libs/grading';
import { Prisma, type GradingDecision as DecisionRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';

/**
 * A review that was itself followed by one, or taken back, says nothing any more. Counted, because what merely exists is looked up
 * by joining all of the institution's scores once statistics know of them.
 */
const stands = Prisma.sql`(
  SELECT count(*) FROM scores later WHERE later.institution_id = a.institution_id AND later.submission_id = a.submission_id
    AND later.sequence > a.sequence AND later.source <> 'automatic') = 0`;

export class SqlDecisionRepository extends DecisionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  /** Kind and hash are taken from the very version that the score is by. */
  override async insertDecision(decision: GradingDecision, pseudonym: string): Promise<void> {
    const { scoreId, submissionId, courseId, activityId, activityVersion, grader } = decision;
    const { outcome, reason, actor, criteria, certifications, decidedAt } = decision;
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$executeRaw`
      INSERT INTO grading_decisions (institution_id, score_id, submission_id, pseudonym, course_id, activity_id,
        activity_version, specification_hash, kind, grader_name, grader_version, model_id, outcome, reason, actor, criteria,
        certifications, decided_at)
      SELECT institution_id, ${scoreId}::uuid, ${submissionId}::uuid, ${pseudonym}::uuid, ${courseId}::uuid, activity_id,
        version, sha256(convert_to((content->'key'->'specification')::text, 'UTF8')),
        content->'key'->'specification'->>'kind', ${grader.name}::text, ${grader.version}::int, ${grader.modelId}::uuid,
        ${outcome}::text, ${reason}::text, ${actor}::uuid, ${JSON.stringify(criteria)}::jsonb,
        ${JSON.stringify(certifications)}::jsonb, ${decidedAt}::timestamptz
      FROM activity_versions
      WHERE institution_id = ${institutionId}::uuid AND activity_id = ${activityId}::uuid
        AND version = ${activityVersion}::int`;
  }

  override async listDecisions(submissionIds: readonly string[]): Promise<StoredDecision[]> {
    const rows = await (
      await this.database.tenant()
    ).gradingDecision.findMany({
      where: { submissionId: { in: [...submissionIds] } },
      orderBy: [{ submissionId: 'asc' }, { decidedAt: 'asc' }, { scoreId: 'asc' }],
    });
    return rows.map(toDecision);
  }

  override async insertAudits(audits: readonly NewAudit[]): Promise<void> {
    const { institutionId } = this.database;
    const data = audits.map(({ pool, ...audit }) => ({
      ...audit,
      institutionId,
      kind: pool.kind,
      criterionType: pool.criterionType,
      graderName: pool.grader.name,
      graderVersion: pool.grader.version,
      modelId: pool.grader.modelId,
    }));
    await (await this.database.tenant()).criterionAudit.createMany({ data });
  }

  override async listAudits(
    pools: readonly GraderPool[],
    most: number,
  ): Promise<readonly (readonly CriterionAudit[])[]> {
    if (pools.length === 0) return [];
    const { institutionId } = this.database;
    const column = <T>(of: (pool: GraderPool) => T): T[] => pools.map(of);
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<(CriterionAudit & { place: number })[]>`
      SELECT p.place::int, a.submission_id AS "submissionId", a.confidence, abs(a.given - a.awarded) < 1e-9 AS agrees,
             a.decided_at AS "decidedAt"
      FROM unnest(${column(({ kind }) => kind)}::text[], ${column(({ criterionType }) => criterionType)}::text[],
                  ${column(({ grader }) => grader.name)}::text[], ${column(({ grader }) => grader.version)}::int[],
                  ${column(({ grader }) => grader.modelId)}::uuid[]) WITH ORDINALITY
           AS p (kind, criterion_type, grader_name, grader_version, model_id, place)
      CROSS JOIN LATERAL (
        SELECT * FROM criterion_audits a
        WHERE a.criterion_type = p.criterion_type AND a.grader_name = p.grader_name
          AND a.grader_version = p.grader_version AND a.institution_id = ${institutionId}::uuid
          AND a.kind = p.kind AND a.model_id IS NOT DISTINCT FROM p.model_id AND a.is_asked
        ORDER BY a.decided_at DESC, a.submission_id, a.criterion_id
        LIMIT ${most}::int) a
      WHERE ${stands}`;
    const audits: CriterionAudit[][] = pools.map(() => []);
    for (const { place, ...audit } of rows) audits[place - 1]!.push(audit);
    return audits;
  }

  override async listPools(courseId: string, most: number): Promise<GraderPool[]> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<{ kind: string; criterionType: string; name: string; version: number; modelId: string | null }[]>`
      SELECT d.kind, criterion->>'criterionType' AS "criterionType", d.grader_name AS name, d.grader_version AS version,
             d.model_id AS "modelId"
      FROM grading_decisions d CROSS JOIN LATERAL jsonb_array_elements(d.criteria) criterion
      WHERE d.course_id = ${courseId}::uuid AND d.outcome <> 'reviewed'
      GROUP BY 1, 2, 3, 4, 5
      ORDER BY max(d.decided_at) DESC, 1, 2
      LIMIT ${most}::int`;
    return rows.map(({ kind, criterionType, ...grader }) => ({ kind, criterionType, grader }));
  }

  override async listDecided(assignmentId: string, mostWorks: number): Promise<DecidedCriterion[]> {
    return (await this.database.tenant()).$queryRaw<DecidedCriterion[]>`
      WITH standing AS (
        SELECT * FROM criterion_audits a WHERE a.assignment_id = ${assignmentId}::uuid AND ${stands}
      ), works AS (
        SELECT submission_id FROM standing GROUP BY 1 ORDER BY max(decided_at) DESC, 1 LIMIT ${mostWorks}::int
      )
      SELECT submission_id AS "submissionId", criterion_id AS "criterionId", points, given, awarded, confidence,
             calibrated, grader_version AS "graderVersion", model_id AS "modelId", decided_at AS "decidedAt"
      FROM standing JOIN works USING (submission_id)
      ORDER BY decided_at, submission_id, criterion_id`;
  }

  override async wasAsked(submissionId: string): Promise<boolean> {
    const first = await (
      await this.database.tenant()
    ).criterionAudit.findFirst({ where: { submissionId }, orderBy: { sequence: 'asc' }, select: { isAsked: true } });
    return first?.isAsked ?? false;
  }
}

function toDecision(row: DecisionRow): StoredDecision {
  const { scoreId, submissionId, courseId, activityId, activityVersion, kind, actor, decidedAt } = row;
  return {
    scoreId,
    submissionId,
    courseId,
    activityId,
    activityVersion,
    specificationHash: Buffer.from(row.specificationHash).toString('hex'),
    kind,
    grader: { name: row.graderName, version: row.graderVersion, modelId: row.modelId },
    outcome: row.outcome as DecisionOutcome,
    reason: row.reason as DeferralReason | null,
    actor,
    criteria: row.criteria as unknown as StoredDecision['criteria'],
    certifications: row.certifications as unknown as StoredDecision['certifications'],
    decidedAt,
  };
}
