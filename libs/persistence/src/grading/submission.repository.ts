import type { Page, PageRequest, TimeKey } from '#libs/kernel';
import {
  SubmissionRepository,
  type EarlierRequest,
  type GradingFailure,
  type Marks,
  type Submission,
  type SubmissionState,
} from '#libs/grading';
import type { Prisma, Submission as SubmissionRow } from '../generated/client.js';
import { olderThan, pageOf } from '../paging.js';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

export class PrismaSubmissionRepository extends SubmissionRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async findSubmission(id: string): Promise<Submission | null> {
    const row = await (await this.database.tenant()).submission.findFirst({ where: { id } });
    return row === null ? null : toSubmission(row);
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

  override async countAttempts(assignmentId: string, learnerId: string): Promise<number> {
    const tenant = await this.database.tenant();
    const unread = ['failed'] satisfies SubmissionState[];
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
    { courseId, assignmentId, learnerId }: Parameters<SubmissionRepository['listSubmissions']>[0],
    page: PageRequest<TimeKey>,
  ): Promise<Page<Submission>> {
    const rows = await (
      await this.database.tenant()
    ).submission.findMany({
      where: {
        courseId,
        ...(assignmentId !== null && { assignmentId }),
        ...(learnerId !== null && { learnerId }),
        ...olderThan('receivedAt', page),
      },
      orderBy: [{ receivedAt: 'desc' }, { id: 'desc' }],
      take: page.first + 1,
    });
    return pageOf(rows, page.first, toSubmission);
  }

  override async listForReview(courseId: string, { first, after }: PageRequest<TimeKey>): Promise<Page<Submission>> {
    const rows = await (
      await this.database.tenant()
    ).submission.findMany({
      where: {
        courseId,
        state: { in: ['needs-review', 'failed'] satisfies SubmissionState[] },
        ...(after && { OR: [{ receivedAt: { gt: after.at } }, { receivedAt: after.at, id: { gt: after.id } }] }),
      },
      orderBy: [{ receivedAt: 'asc' }, { id: 'asc' }],
      take: first + 1,
    });
    return pageOf(rows, first, toSubmission);
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
  const { id, assignmentId, courseId, learnerId, fileId, deviceAt, receivedAt } = row;
  return {
    id,
    assignmentId,
    courseId,
    learnerId,
    marks: row.marks as unknown as Marks,
    fileId,
    state: row.state as SubmissionState,
    failure: row.failure as GradingFailure | null,
    failureDetail: row.failureDetail,
    deviceAt,
    receivedAt,
  };
}
