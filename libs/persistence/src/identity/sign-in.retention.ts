import type { Database } from '../tenancy/database.js';

/** Forgets sign-ins that have ended. */
export class SignInRetention {
  constructor(private readonly database: Database) {}

  /** Deletes the sign-ins of all institutions that expired or were revoked before a time, and gives their number. */
  async prune(before: Date): Promise<number> {
    const rows = await this.database.global.$queryRaw<{ gone: bigint }[]>`
      SELECT attune_prune_sign_ins(${before}::timestamptz) AS gone`;
    return Number(rows[0]!.gone);
  }
}
