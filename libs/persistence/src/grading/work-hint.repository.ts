import { WorkHintRepository, type EarlierRequest, type WorkHint } from '#libs/grading';
import type { Database } from '../tenancy/database.js';
import { hashOf, isHashOf } from '../body-hash.js';

export class PrismaWorkHintRepository extends WorkHintRepository {
  constructor(private readonly database: Database) {
    super();
  }

  override async lastSteps(
    submissionIds: readonly string[],
  ): Promise<ReadonlyMap<string, ReadonlyMap<string, number>>> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    // By way of the learner and the activity, which is how the table is indexed.
    const rows = await tenant.$queryRaw<{ submissionId: string; criterionId: string; step: number }[]>`
      SELECT h.submission_id AS "submissionId", h.criterion_id AS "criterionId", max(h.step) AS step
      FROM submissions s
      JOIN users u ON u.institution_id = s.institution_id AND u.id = s.learner_id
      JOIN assignments a ON a.institution_id = s.institution_id AND a.id = s.assignment_id
      JOIN hint_requests h ON h.institution_id = s.institution_id AND h.pseudonym = u.pseudonym
        AND h.activity_id = a.activity_id AND h.submission_id = s.id
      WHERE s.institution_id = ${institutionId}::uuid AND s.id = ANY(${[...submissionIds]}::uuid[])
        AND h.criterion_id IS NOT NULL
      GROUP BY h.submission_id, h.criterion_id`;
    const steps = new Map<string, Map<string, number>>();
    for (const { submissionId, criterionId, step } of rows) {
      const ofSubmission = steps.get(submissionId) ?? new Map<string, number>();
      steps.set(submissionId, ofSubmission.set(criterionId, step));
    }
    return steps;
  }

  override async lastTold(
    pseudonym: string,
    { activityId, exceptOn }: { activityId: string; exceptOn: string },
  ): Promise<ReadonlyMap<string, number>> {
    const rows = await (
      await this.database.tenant()
    ).hintRequest.groupBy({
      by: ['criterionId'],
      where: { pseudonym, activityId, criterionId: { not: null }, submissionId: { not: exceptOn } },
      _max: { step: true },
    });
    return new Map(rows.map(({ criterionId, _max }) => [criterionId!, _max.step!]));
  }

  override async findEarlier(id: string, body: object): Promise<EarlierRequest<{ step: number }> | null> {
    const row = await (await this.database.tenant()).hintRequest.findFirst({ where: { id } });
    return row === null ? null : { sameBody: isHashOf(row.bodyHash, body), record: { step: row.step } };
  }

  override async insertHint(hint: WorkHint, pseudonym: string, body: object): Promise<boolean> {
    const { institutionId } = this.database;
    const { count } = await (
      await this.database.tenant()
    ).hintRequest.createMany({
      data: [{ ...hint, institutionId, pseudonym, bodyHash: hashOf(body) }],
      skipDuplicates: true,
    });
    return count === 1;
  }
}
