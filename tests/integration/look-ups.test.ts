import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

let database: TestDatabase;
let client: pg.Client;

beforeAll(async () => {
  database = await createTestDatabase();
  client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  await client.query('ANALYZE');
});
afterAll(async () => {
  await client?.end();
  await database?.drop();
});

/**
 * An index with the institution in it serves any look-up by id as well: while statistics know of no rows, it costs the
 * planner no more than the key, and what it plans then is kept while the table grows.
 */
it.for(['learning_sessions', 'responses', 'decisions', 'interactions', 'hint_requests'])(
  'finds a row of %s by its key, though the table was empty when that was planned',
  async (table) => {
    await client.query('BEGIN');
    await client.query('SET LOCAL enable_seqscan = off');
    const { rows } = await client.query<{ 'QUERY PLAN': string }>({
      text: `EXPLAIN SELECT * FROM ${table} WHERE institution_id = '${randomUUID()}' AND id = '${randomUUID()}'`,
    });
    await client.query('ROLLBACK');
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    expect(plan).toContain(`using ${table}_pkey`);
  },
);
