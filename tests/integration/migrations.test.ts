import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyMigrations, MigrationError } from '#libs/persistence';
import { createEmptyDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from '../support/postgres-client.js';

const COMMITTED = join(import.meta.dirname, '../../prisma/migrations');

describe('applying migrations', () => {
  let database: TestDatabase;
  let folder: string;

  beforeEach(async () => {
    database = await createEmptyDatabase();
    folder = await mkdtemp(join(tmpdir(), 'attune-migrations-'));
  });

  afterEach(async () => {
    await database.drop();
    await rm(folder, { recursive: true });
  });

  async function write(name: string, sql: string): Promise<void> {
    await mkdir(join(folder, name), { recursive: true });
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }

  const apply = () => applyMigrations({ ownerUrl: database.ownerUrl, folder });
  const tables = () =>
    query<{ name: string }>(database.ownerUrl, `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`);

  it('brings an empty database to the committed state, and changes nothing the second time', async () => {
    await cp(COMMITTED, folder, { recursive: true });
    const steps: string[] = [];
    const first = await applyMigrations({
      ownerUrl: database.ownerUrl,
      folder,
      onStep: (name, position, total) => steps.push(`${position}/${total} ${name}`),
    });
    const after = await tables();
    const second = await apply();

    expect(first.applied.length).toBeGreaterThan(0);
    expect(steps).toEqual(first.applied.map((name, i) => `${i + 1}/${first.applied.length} ${name}`));
    expect(second).toEqual({ applied: [], alreadyApplied: first.applied.length });
    expect(await tables()).toEqual(after);
  });

  it('keeps the table that Prisma keeps', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await apply();

    const rows = await query(database.ownerUrl, 'SELECT * FROM _prisma_migrations');
    expect(rows).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        checksum: '168f4af76cbece82a4185c6c57366e07883c6e4155f25ce28559018d99433b81',
        migration_name: '20260101000000_made_a',
        started_at: expect.any(Date),
        finished_at: expect.any(Date),
        rolled_back_at: null,
        logs: null,
        applied_steps_count: 1,
      },
    ]);
  });

  it('applies each migration once when several servers start at the same time', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int); SELECT pg_sleep(0.2);');
    await write('20260102000000_made_b', 'CREATE TABLE b (id int);');

    const results = await Promise.all([apply(), apply(), apply()]);

    expect(results.map(({ applied }) => applied.length).sort()).toEqual([0, 0, 2]);
    expect((await tables()).map(({ name }) => name).sort()).toEqual(['_prisma_migrations', 'a', 'b']);
  });

  it('applies only what is new', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await apply();
    await write('20260102000000_made_b', 'CREATE TABLE b (id int);');

    expect(await apply()).toEqual({ applied: ['20260102000000_made_b'], alreadyApplied: 1 });
  });

  it('refuses a migration that was changed after it was applied', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await apply();
    await write('20260101000000_made_a', 'CREATE TABLE a (id bigint);');
    await write('20260102000000_made_b', 'CREATE TABLE b (id int);');

    await expect(apply()).rejects.toMatchObject({ fault: 'changed', migrationName: '20260101000000_made_a' });
    expect((await tables()).map(({ name }) => name)).not.toContain('b');
  });

  it('rolls a failing migration back whole, keeps those before it, and goes on when it is mended', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await write('20260102000000_made_b', 'CREATE TABLE b (id int);\nCREATE TABLE c (id nonsense);');

    const failure = await apply().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(MigrationError);
    expect(failure).toMatchObject({ fault: 'failed' });
    expect((failure as MigrationError).message).toBe(
      'Migration 20260102000000_made_b failed and was rolled back: type "nonsense" does not exist (line 2).',
    );
    expect((await tables()).map(({ name }) => name).sort()).toEqual(['_prisma_migrations', 'a']);

    await write('20260102000000_made_b', 'CREATE TABLE b (id int);');
    expect(await apply()).toEqual({ applied: ['20260102000000_made_b'], alreadyApplied: 1 });
  });

  it('stops at a migration that Prisma began and did not finish', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await apply();
    await query(database.ownerUrl, `UPDATE _prisma_migrations SET finished_at = NULL, logs = 'out of memory'`);

    await expect(apply()).rejects.toMatchObject({ fault: 'unfinished' });
    await query(database.ownerUrl, 'UPDATE _prisma_migrations SET rolled_back_at = now(); DROP TABLE a');
    expect((await apply()).applied).toEqual(['20260101000000_made_a']);
  });

  it('leaves a database alone that is ahead of this program', async () => {
    await write('20260101000000_made_a', 'CREATE TABLE a (id int);');
    await write('20260102000000_made_b', 'CREATE TABLE b (id int);');
    await apply();
    await rm(join(folder, '20260102000000_made_b'), { recursive: true });

    expect(await apply()).toEqual({ applied: [], alreadyApplied: 1 });
  });
});

describe('the committed migrations', () => {
  it('lead to the Prisma schema', async () => {
    const database = await createEmptyDatabase();
    const diff = join(import.meta.dirname, '../../prisma/diff.mjs');
    const { code, output } = await run(process.execPath, [diff, '--check', '--database-url', database.ownerUrl]);
    await database.drop();
    expect(output).toBe('prisma/migrations leads to prisma/schema.prisma: no difference.\n');
    expect(code).toBe(0);
  });
});

function run(program: string, args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => resolve({ code, output }));
  });
}
