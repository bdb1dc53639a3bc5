import type { Database } from '../tenancy/database.js';

/** Held while one process prunes, so that the others do not do it over again. */
const pruneLock = 72_707_371;

/** Forgets what clients can no longer ask for. */
export class EventRetention {
  constructor(private readonly database: Database) {}

  /** Deletes the events of all institutions before a time, and gives their number; null when another process does it. */
  async prune(before: Date): Promise<number | null> {
    const rows = await this.database.global.$queryRaw<{ gone: bigint | null }[]>`
      SELECT CASE WHEN pg_try_advisory_xact_lock(${pruneLock}::bigint) THEN attune_prune_events(${before}::timestamptz) END AS gone`;
    const gone = rows[0]?.gone ?? null;
    return gone === null ? null : Number(gone);
  }
}
