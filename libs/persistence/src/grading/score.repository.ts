import { ScoreRepository, type EarlierRequest, type Score } from '#libs/grading';
import type { Prisma, Score as ScoreRow } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

export class PrismaScoreRepository extends ScoreRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async listScores(submissionIds: readonly string[]): Promise<Score[]> {
    const rows = await (
      await this.database.tenant()
    ).score.findMany({
      where: { submissionId: { in: [...submissionIds] } },
      orderBy: [{ submissionId: 'asc' }, { sequence: 'asc' }],
    });
    return rows.map(toScore);
  }

  override async findScore(id: string): Promise<Score | null> {
    const row = await (await this.database.tenant()).score.findFirst({ where: { id } });
    return row === null ? null : toScore(row);
  }

  override async findEarlier(id: string, body: object): Promise<EarlierRequest<Score> | null> {
    const row = await (await this.database.tenant()).score.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: toScore(row) };
  }

  override async insertScore(score: Score, pseudonym: string, body: object | null): Promise<void> {
    const { grader, criteria, extras, flags, report, comments, ...same } = score;
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).score.create({
      data: {
        ...same,
        institutionId,
        pseudonym,
        graderName: grader.name,
        graderVersion: grader.version,
        modelId: grader.modelId,
        criteria: criteria as unknown as Prisma.InputJsonValue,
        comments: comments as unknown as Prisma.InputJsonValue,
        extras: extras as unknown as Prisma.InputJsonValue,
        flags: [...flags],
        ...(report !== null && { report: report as unknown as Prisma.InputJsonValue }),
        bodyHash: body === null ? null : hashOf(body),
      },
    });
  }
}

function toScore(row: ScoreRow): Score {
  const { id, submissionId, sequence, activityId, activityVersion, total, maximum, confidence } = row;
  return {
    id,
    submissionId,
    sequence,
    source: row.source as Score['source'],
    activityId,
    activityVersion,
    grader: { name: row.graderName, version: row.graderVersion, modelId: row.modelId },
    total,
    maximum,
    confidence,
    criteria: row.criteria as unknown as Score['criteria'],
    extras: row.extras as unknown as Score['extras'],
    flags: row.flags,
    report: row.report as unknown as Score['report'],
    reviewerPseudonym: row.reviewerPseudonym,
    reason: row.reason,
    comments: row.comments as unknown as Score['comments'],
    withdrawsId: row.withdrawsId,
    scoredAt: row.scoredAt,
  };
}
