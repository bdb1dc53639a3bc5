import type { Actor } from '#libs/identity';
import type { EngagementLabel, PeriodCount } from '#libs/engagement';
import { EngagementArchive } from '#libs/tutoring';
import type { Database } from '../tenancy/database.js';

/** How learners were last seen in each period, counted. */
export class SqlEngagementArchive extends EngagementArchive {
  constructor(private readonly database: Database) {
    super();
  }

  override async countByPeriod(actor: Actor, courseId: string, from: Date, to: Date): Promise<PeriodCount[]> {
    const rows = await this.database.rows<{ period: Date; label: EngagementLabel; learners: number }>(actor, {
      text: `SELECT period, label, count(*)::int AS learners FROM engagement_estimates
             WHERE institution_id = $1::uuid AND course_id = $2::uuid AND period >= $3::timestamptz AND period < $4::timestamptz
             GROUP BY period, label`,
      values: [actor.institutionId, courseId, from, to],
    });
    return rows.map(({ period, label, learners }) => ({ at: period.getTime(), label, learners }));
  }
}

/** Held while one process prunes, so that the others do not do it over again. */
const pruneLock = 72_707_372;

/** Forgets estimates that are older than anybody may see. */
export class EstimateRetention {
  constructor(private readonly database: Database) {}

  /** Deletes the estimates of all institutions before a time, and gives their number; null when another process does it. */
  async prune(before: Date): Promise<number | null> {
    const rows = await this.database.global.$queryRaw<{ gone: bigint | null }[]>`
      SELECT CASE WHEN pg_try_advisory_xact_lock(${pruneLock}::bigint) THEN attune_prune_estimates(${before}::timestamptz) END AS gone`;
    const gone = rows[0]?.gone ?? null;
    return gone === null ? null : Number(gone);
  }
}
