import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  fileTypes,
  SubmissionRepository,
  type EarlierRequest,
  type GradingFailure,
  type Lookalike,
  type Marks,
  type Submission,
  type SubmissionState,
} from '#libs/grading';
import { Prisma, type Submission as SubmissionRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

/** Of work that nothing becomes of any more. */
const withdrawn = 'withdrawn' satisfies SubmissionState;

export class PrismaSubmissionRepository extends SubmissionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSubmission(id: string): Promise<Submission | null> {
    const row = await (await this.database.tenant()).submission.findFirst({ where: { id } });
    return row === null ? null : toSubmission(row);
  }

  override async findSubmissions(ids: readonly string[]): Promise<Submission[]> {
    const rows = await (await this.database.tenant()).submission.findMany({ where: { id: { in: [...ids] } } });
    return rows.map(toSubmission);
  }

  override async lockSubmission(id: string): Promise<(Submission & { pseudonym: string }) | null> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    // The lock comes first: what is read after it is what the one before us has left.
    await tenant.$queryRaw`
      SELECT 1 AS one FROM submissions
      WHERE institution_id = ${institutionId}::uuid AND id = ${id}::uuid FOR UPDATE`;
    const row = await tenant.submission.findFirst({
      where: { id },
      include: { learner: { select: { pseudonym: true } } },
    });
    return row === null ? null : { ...toSubmission(row), pseudonym: row.learner.pseudonym };
  }

  override async findEarlier(id: string, body: object): Promise<EarlierRequest<Submission> | null> {
    const row = await (await this.database.tenant()).submission.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: toSubmission(row) };
  }

  override async insertSubmission(submission: Submission, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const marks = submission.marks as unknown as Prisma.InputJsonValue;
    const { count } = await (
      await this.database.tenant()
    ).submission.createMany({
      data: [{ ...submission, marks, institutionId, bodyHash: hashOf(body) }],
      skipDuplicates: true,
    });
    return count === 1;
  }

  override async sendToReview(assignmentId: string): Promise<void> {
    const [graded, waiting] = ['graded', 'needs-review'] satisfies SubmissionState[];
    const where = { assignmentId, state: graded };
    await (await this.database.tenant()).submission.updateMany({ where, data: { state: waiting } });
  }

  override async setState(
    id: string,
    state: SubmissionState,
    failure: Pick<Submission, 'failure' | 'failureDetail'> | null,
  ): Promise<void> {
    const data = { state, failure: null, failureDetail: null, ...failure };
    await (await this.database.tenant()).submission.updateMany({ where: { id }, data });
  }

  override async takeTurn(assignmentId: string, learnerId: string): Promise<void> {
    const turn = `attempts ${assignmentId} ${learnerId}`;
    await (
      await this.database.tenant()
    ).$queryRaw`SELECT pg_advisory_xact_lock(hashtextextended(${turn}, 0))::text AS locked`;
  }

  override async findAlias(assignmentId: string, learnerId: string): Promise<string | null> {
    const where = { assignmentId, learnerId, alias: { not: null } };
    return (
      (await (await this.database.tenant()).submission.findFirst({ where, select: { alias: true } }))?.alias ?? null
    );
  }

  override async listLookalikes(
    submissionIds: readonly string[],
    bits: number,
  ): Promise<ReadonlyMap<string, readonly Lookalike[]>> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    const rows = await tenant.$queryRaw<(Lookalike & { readonly ofId: string })[]>`
      SELECT s.id AS "ofId", o.id AS "submissionId", o.learner_id AS "learnerId",
        min(bit_count((turned.look # g.looks[1])::bit(64)))::int AS bits
      FROM submissions s
      JOIN files f ON f.institution_id = s.institution_id AND f.id = s.file_id
      JOIN submissions o ON o.institution_id = s.institution_id AND o.assignment_id = s.assignment_id
        AND o.learner_id <> s.learner_id AND o.state <> ${withdrawn}
      JOIN files g ON g.institution_id = o.institution_id AND g.id = o.file_id
      CROSS JOIN LATERAL unnest(f.looks) AS turned(look)
      WHERE s.institution_id = ${institutionId}::uuid AND s.id = ANY(${[...submissionIds]}::uuid[])
      GROUP BY s.id, o.id, o.learner_id
      HAVING min(bit_count((turned.look # g.looks[1])::bit(64))) <= ${bits}::int
      ORDER BY bits, o.id`;
    const found = new Map<string, Lookalike[]>();
    for (const { ofId, ...one } of rows) found.set(ofId, [...(found.get(ofId) ?? []), one]);
    return found;
  }

  override async countAttempts(assignmentId: string, learnerId: string): Promise<number> {
    const tenant = await this.database.tenant();
    const unread = ['failed', withdrawn] satisfies SubmissionState[];
    const unusable = ['package-refused', 'photo-unusable'] satisfies GradingFailure[];
    return tenant.submission.count({
      where: {
        assignmentId,
        learnerId,
        state: { notIn: unread },
        OR: [{ failure: null }, { failure: { notIn: unusable } }],
      },
    });
  }

  override async listSubmissions(
    { courseId, assignmentId, learnerId, onlyNamed }: Parameters<SubmissionRepository['listSubmissions']>[0],
    page: PageRequest<TimeKey>,
  ): Promise<Page<Submission>> {
    const rows = await (
      await this.database.tenant()
    ).submission.findMany({
      where: {
        courseId,
        ...(assignmentId !== null && { assignmentId }),
        ...(learnerId !== null && { learnerId }),
        ...(onlyNamed && { assignment: { OR: [{ anonymous: false }, { revealedAt: { not: null } }] } }),
        ...olderThan('receivedAt', page),
      },
      orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toSubmission);
  }

  override async countForRegrade(assignmentId: string): Promise<{ reviewed: number; unreviewed: number }> {
    const tenant = await this.database.tenant();
    const state = 'reviewed' satisfies SubmissionState;
    const reviewed = await tenant.submission.count({ where: { assignmentId, state } });
    const all = await tenant.submission.count({ where: { assignmentId, state: { not: withdrawn } } });
    return { reviewed, unreviewed: all - reviewed };
  }

  override async listForRegrade(
    assignmentId: string,
    { withReviewed }: { readonly withReviewed: boolean },
    limit: number,
  ): Promise<Submission[]> {
    const rows = await (
      await this.database.tenant()
    ).submission.findMany({
      where: {
        assignmentId,
        state: { notIn: withReviewed ? [withdrawn] : [withdrawn, 'reviewed' satisfies SubmissionState] },
      },
      orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
      take: limit,
    });
    return rows.map(toSubmission);
  }

  override async sendToGrading(
    assignmentId: string,
    { withReviewed, unlockedOnly }: Parameters<SubmissionRepository['sendToGrading']>[1],
  ): Promise<readonly { submissionId: string; isLong: boolean }[]> {
    const { institutionId } = this.database;
    const [queued, reviewed] = ['queued', 'reviewed'] satisfies SubmissionState[];
    return (await this.database.tenant()).$queryRaw<{ submissionId: string; isLong: boolean }[]>`
      UPDATE submissions s SET state = ${queued}, failure = NULL, failure_detail = NULL
      FROM (SELECT id FROM submissions
            WHERE institution_id = ${institutionId}::uuid AND assignment_id = ${assignmentId}::uuid
              AND state NOT IN (${queued}, ${withdrawn}) AND (${withReviewed} OR state <> ${reviewed})
            ORDER BY id FOR UPDATE ${unlockedOnly ? Prisma.sql`SKIP LOCKED` : Prisma.empty}) due
      WHERE s.institution_id = ${institutionId}::uuid AND s.id = due.id
      RETURNING s.id AS "submissionId",
                EXISTS (SELECT FROM files f WHERE f.institution_id = s.institution_id AND f.id = s.file_id
                                              AND f.media_type = ${fileTypes.package}) AS "isLong"`;
  }

  override async isWithdrawn(fileId: string): Promise<boolean> {
    const tenant = await this.database.tenant();
    const states = await tenant.submission.findMany({
      where: { fileId },
      distinct: ['state'],
      select: { state: true },
    });
    return states.length > 0 && states.every(({ state }) => state === withdrawn);
  }

  override async listCoursesOfFile(fileId: string, ownerId: string): Promise<string[]> {
    const rows = await (
      await this.database.tenant()
    ).submission.findMany({
      where: { learnerId: ownerId, fileId },
      distinct: ['courseId'],
      select: { courseId: true },
    });
    return rows.map(({ courseId }) => courseId);
  }
}

function toSubmission(row: SubmissionRow): Submission {
  const { id, assignmentId, courseId, learnerId, alias, fileId, scannedBy, deviceAt, receivedAt } = row;
  return {
    id,
    assignmentId,
    courseId,
    learnerId,
    alias,
    marks: row.marks as unknown as Marks,
    fileId,
    state: row.state as SubmissionState,
    failure: row.failure as GradingFailure | null,
    failureDetail: row.failureDetail,
    scannedBy,
    deviceAt,
    receivedAt,
  };
}
