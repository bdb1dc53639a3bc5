import { ArchiveLedger, type ArchiveStanding, type StoredArchive } from '#libs/training';
import { Prisma } from '../generated/client.js';
import type { Database } from '../tenancy/database.js';
import { consenting } from './consenting.js';

/** Of the row `a` of an archive: null where it is not known whose works it holds. */
const isConsented = Prisma.sql`(CASE WHEN a.frozen_at IS NOT NULL THEN NOT EXISTS (
  SELECT FROM unnest(a.learners) AS held (pseudonym) WHERE held.pseudonym NOT IN (SELECT pseudonym FROM consenting)) END)`;

/** What is known of archives, beside the runs that have them. */
export class SqlArchiveLedger extends ArchiveLedger {
  constructor(private readonly database: Database) {
    super();
  }

  override async institutions(): Promise<string[]> {
    const rows = await this.database.global.$queryRaw<{ id: string }[]>`SELECT attune_institutions_that_train() AS id`;
    return rows.map(({ id }) => id);
  }

  override async note(sha256: string, learners: readonly string[], frozenAt: Date): Promise<void> {
    const { institutionId } = this.database;
    await (
      await this.database.tenant()
    ).$executeRaw`
      INSERT INTO training_archives AS a (institution_id, sha256, learners, frozen_at)
      VALUES (${institutionId}::uuid, ${sha256}, ${[...learners]}::uuid[], ${frozenAt})
      ON CONFLICT (institution_id, sha256) DO UPDATE SET frozen_at = excluded.frozen_at,
        learners = ARRAY(SELECT DISTINCT unnest(a.learners || excluded.learners))`;
  }

  override mayBeGiven(sha256: string, now: Date): Promise<boolean> {
    return this.isConsented(sha256, now, Prisma.empty);
  }

  override holdToGive(sha256: string, now: Date): Promise<boolean> {
    return this.isConsented(sha256, now, Prisma.sql`FOR SHARE OF a`);
  }

  override async listWithheld(now: Date): Promise<string[]> {
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<{ id: string }[]>`
      WITH ${consenting(now)}
      SELECT r.id FROM training_runs r
      LEFT JOIN training_archives a ON a.institution_id = r.institution_id AND a.sha256 = r.dataset->>'sha256'
      WHERE r.state = 'waiting' AND ${isConsented} IS NOT TRUE ORDER BY r.id`;
    return rows.map(({ id }) => id);
  }

  override async lockStanding({ sha256, writtenAt }: StoredArchive, now: Date): Promise<ArchiveStanding> {
    const { institutionId } = this.database;
    const tenant = await this.database.tenant();
    // One that is not known gets a row, so that there is something to lock.
    await tenant.$executeRaw`
      INSERT INTO training_archives (institution_id, sha256, learners) VALUES (${institutionId}::uuid, ${sha256}, '{}')
      ON CONFLICT DO NOTHING`;
    await tenant.$queryRaw`
      SELECT 1 AS one FROM training_archives
      WHERE institution_id = ${institutionId}::uuid AND sha256 = ${sha256} FOR UPDATE`;
    const rows = await tenant.$queryRaw<ArchiveStanding[]>`
      WITH ${consenting(now)}
      SELECT ${isConsented} AS "isConsented",
        EXISTS (SELECT FROM training_runs r WHERE r.institution_id = a.institution_id
          AND r.dataset->>'sha256' = a.sha256 AND r.state IN ('preparing', 'waiting', 'running'))
        OR EXISTS (SELECT FROM test_sets t WHERE t.institution_id = a.institution_id
          AND a.sha256 IN (t.sha256, t.hand_out_sha256)) AS "isNeeded",
        greatest(${writtenAt}::timestamptz, a.frozen_at, (SELECT max(r.ended_at) FROM training_runs r
          WHERE r.institution_id = a.institution_id AND r.dataset->>'sha256' = a.sha256)) AS "lastNeededAt"
      FROM training_archives a WHERE a.institution_id = ${institutionId}::uuid AND a.sha256 = ${sha256}`;
    return rows[0]!;
  }

  override async forget(sha256: string): Promise<void> {
    await (await this.database.tenant()).trainingArchive.deleteMany({ where: { sha256 } });
  }

  private async isConsented(sha256: string, now: Date, lock: Prisma.Sql): Promise<boolean> {
    const { institutionId } = this.database;
    const rows = await (
      await this.database.tenant()
    ).$queryRaw<{ isConsented: boolean | null }[]>`
      WITH ${consenting(now)}
      SELECT ${isConsented} AS "isConsented" FROM training_archives a
      WHERE a.institution_id = ${institutionId}::uuid AND a.sha256 = ${sha256} ${lock}`;
    return rows[0]?.isConsented === true;
  }
}
