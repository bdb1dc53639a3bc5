import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { Database, isUnavailable, SignInRetention } from '#libs/persistence';
import { newId } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from '../support/postgres-client.js';

const actor = dangerousSystemActor(newId());

describe('what the application keeps within limits', () => {
  let database: TestDatabase;
  let rows: Database;
  beforeAll(async () => {
    database = await createTestDatabase();
    rows = new Database({ url: database.appUrl, poolSize: 4 });
  });
  afterAll(async () => {
    await rows?.close();
    await database?.drop();
  });

  it('each connection: long statements, waits for locks, transactions left open', async () => {
    const expected = { statement_timeout: '30s', lock_timeout: '15s', idle_in_transaction_session_timeout: '45s' };
    for (const [name, value] of Object.entries(expected)) {
      expect(await rows.global.$queryRaw`SELECT current_setting(${name}) AS value`, name).toEqual([{ value }]);
      const bySql = await rows.sql(actor, (transaction) =>
        transaction.query({ text: 'SELECT current_setting($1) AS value', values: [name] }),
      );
      expect(bySql.rows, name).toEqual([{ value }]);
    }
  });

  it('each such end counts as one that a later try may not have', async () => {
    const holder = new pg.Client({ connectionString: database.ownerUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN; LOCK TABLE rate_limits');
      const attempt = async (setting: string, sql: string): Promise<unknown> =>
        rows
          .run(actor, async () => {
            const client = await rows.tenant();
            await client.$executeRawUnsafe(`SET LOCAL ${setting} = '50ms'`);
            await client.$queryRawUnsafe(sql);
          })
          .catch((error: unknown) => error);
      expect(isUnavailable(await attempt('lock_timeout', 'SELECT key FROM rate_limits'))).toBe(true);
      expect(isUnavailable(await attempt('statement_timeout', 'SELECT 1 FROM pg_sleep(5)'))).toBe(true);
    } finally {
      await holder.end();
    }
  });

  it('sign-ins: those that ended a while ago are forgotten, and no others', async () => {
    const [school, user] = [newId(), newId()];
    await query(
      database.ownerUrl,
      `INSERT INTO institutions (id, slug, name, jurisdiction, time_zone, language)
       VALUES ('${school}', 'limits', 'Limits', 'unknown', 'UTC', 'en');
       INSERT INTO users (institution_id, id, pseudonym, name, language, roles)
       VALUES ('${school}', '${user}', '${newId()}', 'Lim', 'en', '{student}')`,
    );
    const signIns = { live: '1 day', expired: '-3 days', justExpired: '-1 hour', revoked: '1 day' };
    const ids = Object.fromEntries(Object.keys(signIns).map((name) => [name, newId()]));
    for (const [name, expires] of Object.entries(signIns)) {
      await query(
        database.ownerUrl,
        `INSERT INTO sign_ins (institution_id, id, user_id, refresh_hash, expires_at, revoked_at)
         VALUES ($1, $2, $3, $4, now() + $5::interval, CASE WHEN $6 THEN now() - interval '2 days' END)`,
        [school, ids[name], user, name, expires, name === 'revoked'],
      );
    }
    expect(await new SignInRetention(rows).prune(new Date(Date.now() - 86_400_000))).toBe(2);
    const left = await query<{ refresh_hash: string }>(
      database.ownerUrl,
      'SELECT refresh_hash FROM sign_ins ORDER BY 1',
    );
    expect(left.map(({ refresh_hash }) => refresh_hash)).toEqual(['justExpired', 'live']);
  });
});
