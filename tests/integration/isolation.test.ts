import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { databaseUrl, query } from '../support/postgres-client.js';
import { insertOf, readTables, type CatalogueTable } from '../support/catalogue.js';

/** Tables that belong to no institution, each with the reason. A table that is neither here nor isolated fails. */
const globalTables: Record<string, string> = {
  signing_keys: 'one set of keys signs the tokens of all institutions; the private halves are sealed',
  rate_limits: 'counts tries to sign in, by a digest, before the institution is known',
  socket_io_attachments: 'messages between API processes, deleted within seconds',
  _prisma_migrations: 'which migrations were applied; the application role cannot read it',
};

/** Schemas of others in the same database, each with the reason. */
const otherSchemas: Record<string, string> = {
  pgboss: 'the queue; its jobs carry the ids of an institution and of a row, and whoever runs one enters it first',
};

/** Tables whose rows are never changed. */
const appendOnlyTables = [
  'skill_graphs',
  'activity_versions',
  'responses',
  'decisions',
  'policies',
  'interactions',
  'scores',
  'grading_decisions',
  'criterion_audits',
  'hint_requests',
  'regrades',
  'consent_records',
  'audit_events',
  'audit_seals',
  'events',
  'model_transitions',
  'model_judgements',
  'training_progress',
  'test_sets',
];

/** Functions that run with the rights of the owner, so that they look across institutions, each with the reason. */
const definerFunctions: Record<string, string> = {
  attune_find_institution: 'signing in starts with the name of an institution',
  attune_find_training_run: 'whoever has the code of a training run says no institution; answers with ids only',
  attune_list_institutions: 'jobs go through all institutions',
  attune_prune_events: 'old events are forgotten everywhere at once',
  attune_prune_estimates: 'so are old estimates of engagement',
  attune_prune_sign_ins: 'so are old sign-ins',
  attune_courses_to_learn: 'a worker learns from all institutions; it sees ids and counts only',
  attune_courses_to_review: 'a worker tells of reviews in all institutions; it sees ids and days only',
  attune_courses_to_settle: 'so does what it finds out about offers of help; it sees ids only',
  attune_training_runs_to_tend: 'a worker looks after runs of all institutions; it sees ids only',
  attune_institutions_that_train: 'and after their images and archives; it sees ids only',
  attune_institutions_to_seal: 'and seals their audits; it sees ids and times only',
};

const home = randomUUID();
const away = randomUUID();

describe('institutions are isolated in the database itself', () => {
  let database: TestDatabase;
  let tables: CatalogueTable[];
  let app: pg.Client;
  const isolated = () => tables.filter(({ tenantColumn }) => tenantColumn !== null);

  /** Runs a statement of the application role, inside an institution or, for null, inside none; nothing is kept. */
  async function asApp(institution: string | null, sql: string): Promise<pg.QueryResult | { code: string }> {
    await app.query('BEGIN');
    try {
      if (institution !== null) await app.query('SELECT attune_enter($1, NULL)', [institution]);
      return await app.query(sql);
    } catch (error) {
      return { code: (error as { code: string }).code };
    } finally {
      await app.query('ROLLBACK');
    }
  }
  /** How many rows a statement touched; what was refused touched none. */
  const touched = async (institution: string | null, sql: string): Promise<number> => {
    const result = await asApp(institution, sql);
    if ('code' in result) expect(result.code, sql).toBe('42501');
    return 'code' in result ? 0 : (result.rowCount ?? 0);
  };

  beforeAll(async () => {
    database = await createTestDatabase();
    tables = await readTables(database.ownerUrl);
    // The superuser may leave foreign keys unchecked, so that each table can have a row without its whole family.
    const superuser = new pg.Client({
      connectionString: databaseUrl(inject('postgres').superuserUrl, new URL(database.ownerUrl).pathname.slice(1)),
    });
    await superuser.connect();
    await superuser.query('SET session_replication_role = replica');
    for (const institution of [home, away])
      for (const table of isolated()) await superuser.query(insertOf(table, institution));
    await superuser.end();
    app = new pg.Client({ connectionString: database.appUrl });
    await app.connect();
  });

  afterAll(async () => {
    await app?.end();
    await database?.drop();
  });

  it('by a policy on every table that names an institution', () => {
    expect(isolated().length).toBeGreaterThan(25);
    for (const { plainName, rowSecurity, policies, tenantColumn } of isolated()) {
      expect(rowSecurity, `${plainName}: row-level security`).toBe(true);
      const only = `(${tenantColumn} = attune_institution())`;
      expect(policies, `${plainName}: policies`).toEqual([{ using: only, check: only, command: '*' }]);
    }
  });

  it('and every other table has a reason to name none', async () => {
    const others = tables.filter(({ tenantColumn, schema }) => tenantColumn === null && schema === 'public');
    expect(others.map(({ plainName }) => plainName).sort()).toEqual(Object.keys(globalTables).sort());
    for (const { plainName, schema } of tables)
      expect(['public', ...Object.keys(otherSchemas)], plainName).toContain(schema);
    expect(await asApp(home, 'SELECT 1 FROM _prisma_migrations')).toEqual({ code: '42501' });
  });

  it('by foreign keys that cannot cross from one to another', async () => {
    const keys = await query<{ name: string; columns: string[] }>(
      database.ownerUrl,
      `SELECT conrelid::regclass || ': ' || conname AS name,
              (SELECT array_agg(attname::text) FROM pg_attribute WHERE attrelid = conrelid AND attnum = ANY (conkey)) AS columns
       FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace`,
    );
    expect(keys.length).toBeGreaterThan(10);
    for (const { name, columns } of keys) expect(columns, name).toContain('institution_id');
  });

  it('so that rows of another one can be neither seen, changed, deleted nor made', async () => {
    for (const table of isolated()) {
      const { name, tenantColumn } = table;
      const where = `WHERE "${tenantColumn}" = '${away}'`;
      expect(await touched(away, `SELECT 1 FROM ${name}`), `${name}: its own row`).toBe(1);
      expect(await touched(home, `SELECT 1 FROM ${name} ${where}`), `${name}: SELECT`).toBe(0);
      expect(await touched(home, `UPDATE ${name} SET "${tenantColumn}" = "${tenantColumn}" ${where}`), name).toBe(0);
      expect(await touched(home, `DELETE FROM ${name} ${where}`), `${name}: DELETE`).toBe(0);
      expect(await asApp(home, insertOf(table, away)), `${name}: INSERT`).toEqual({ code: '42501' });
      const moving = await asApp(home, `UPDATE ${name} SET "${tenantColumn}" = '${away}'`);
      expect(moving, `${name}: UPDATE into the other`).toEqual({ code: '42501' });
    }
  });

  it('so that nothing is seen or made before one was entered', async () => {
    for (const table of isolated()) {
      expect(await touched(null, `SELECT 1 FROM ${table.name}`), `${table.name}: SELECT`).toBe(0);
      expect(await touched(null, `DELETE FROM ${table.name}`), `${table.name}: DELETE`).toBe(0);
      expect(await asApp(null, insertOf(table, home)), `${table.name}: INSERT`).toEqual({ code: '42501' });
    }
  });

  it('for the length of a transaction only', async () => {
    await asApp(home, 'SELECT 1');
    expect((await app.query('SELECT 1 FROM users')).rowCount).toBe(0);
  });

  it('and append-only tables take no change from the application, not even in its own institution', async () => {
    for (const plainName of appendOnlyTables) {
      const table = tables.find((one) => one.plainName === plainName);
      expect(table, plainName).toBeDefined();
      const update = `UPDATE ${table!.name} SET institution_id = institution_id`;
      expect(await asApp(home, update), `${plainName}: UPDATE`).toEqual({ code: '42501' });
      expect(await asApp(home, `DELETE FROM ${table!.name}`), `${plainName}: DELETE`).toEqual({ code: '42501' });
      expect(await asApp(home, `TRUNCATE ${table!.name}`), `${plainName}: TRUNCATE`).toEqual({ code: '42501' });
    }
  });

  describe('the application role', () => {
    it('is bound by policies and owns nothing', async () => {
      const [role] = await query(
        database.ownerUrl,
        `SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb,
                (SELECT count(*)::int FROM pg_auth_members WHERE member = r.oid) AS memberships
         FROM pg_roles r WHERE rolname = 'attune_app'`,
      );
      expect(role).toEqual({
        rolsuper: false,
        rolbypassrls: false,
        rolcreaterole: false,
        rolcreatedb: false,
        memberships: 0,
      });
      for (const { plainName, owner } of tables.filter(({ schema }) => schema === 'public'))
        expect(owner, plainName).not.toBe('attune_app');
    });

    it('cannot switch the policies off', async () => {
      const owner = new URL(database.ownerUrl).username;
      for (const statement of [
        `SET ROLE ${owner}`,
        'ALTER TABLE users DISABLE ROW LEVEL SECURITY',
        'DROP POLICY isolation ON users',
        'CREATE POLICY mine ON users USING (true)',
        'SET session_replication_role = replica',
        'CREATE OR REPLACE FUNCTION attune_institution() RETURNS uuid LANGUAGE sql AS $$ SELECT NULL::uuid $$',
        'CREATE TABLE mine (id int)',
      ])
        expect(await asApp(home, statement), statement).toEqual({ code: '42501' });
      const unsecured = await asApp(home, 'SET LOCAL row_security = off; SELECT 1 FROM users');
      expect(unsecured).toEqual({ code: '42501' });
    });

    it('sees no view that looks with the eyes of the owner', async () => {
      const views = await query<{ name: string }>(
        database.ownerUrl,
        `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('v', 'm') AND n.nspname NOT IN ('pg_catalog', 'information_schema')
           AND NOT coalesce(c.reloptions @> ARRAY['security_invoker=true'], false)
           AND has_table_privilege('attune_app', c.oid, 'SELECT')`,
      );
      expect(views).toEqual([]);
    });

    it('can call no function of the owner’s but those with a reason, and none of them is open to all', async () => {
      const functions = await query<{ name: string; settings: string[] | null; open: boolean }>(
        database.ownerUrl,
        `SELECT proname AS name, proconfig AS settings,
                EXISTS (SELECT FROM aclexplode(coalesce(proacl, acldefault('f', proowner))) WHERE grantee = 0) AS open
         FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
         WHERE prosecdef AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
      );
      for (const { name, settings, open } of functions) {
        expect(Object.keys(definerFunctions), name).toContain(name);
        expect(
          settings?.some((setting) => setting.startsWith('search_path=')),
          `${name}: search_path`,
        ).toBe(true);
        expect(open, `${name}: granted to PUBLIC`).toBe(false);
      }
    });
  });
});
