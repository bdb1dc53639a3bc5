import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EmbeddedPostgres, type UnexpectedExit } from '#libs/persistence';
import { query } from '../support/postgres-client.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';

describe('the embedded PostgreSQL', () => {
  let folder: string;
  let dataFolder: string;
  let notices: string[];
  let exits: UnexpectedExit[];
  let opened: EmbeddedPostgres[];

  beforeEach(async () => {
    folder = await makeDatabaseFolder();
    dataFolder = join(folder, 'data');
    notices = [];
    exits = [];
    opened = [];
  });

  afterEach(async () => {
    for (const postgres of opened) await postgres.destroy();
    await rm(folder, { recursive: true, force: true });
  });

  /** Not durable where a test does not ask for it: making a cluster is then faster. */
  async function open(durable = false): Promise<EmbeddedPostgres> {
    const logFile = join(folder, 'postgres.log');
    const onNotice = (sentence: string) => notices.push(sentence);
    const postgres = await EmbeddedPostgres.open({ dataFolder, logFile, durable, onNotice }, (exit) =>
      exits.push(exit),
    );
    opened.push(postgres);
    return postgres;
  }

  async function started(durable = false): Promise<EmbeddedPostgres> {
    const postgres = await open(durable);
    await postgres.start();
    return postgres;
  }

  const answer = (postgres: EmbeddedPostgres) => query(postgres.ownerUrl, 'SELECT 1 AS one');
  const ANSWER = [{ one: 1 }];

  it('keeps what was committed over a kill -9', async () => {
    const postgres = await started(true);
    await query(postgres.ownerUrl, 'CREATE TABLE kept (id int)');
    await query(postgres.ownerUrl, 'INSERT INTO kept SELECT generate_series(1, 1000)');

    const before = postgres.ownerUrl;
    process.kill(postgres.pid!, 'SIGKILL');
    while (exits.length === 0) await sleep(10);
    await postgres.start();

    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
    expect(postgres.ownerUrl).toBe(before); // the API goes on with the address it has
    expect(await query(before, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 1000 }]);
  });

  it('waits for processes of a killed server that are slow to end', async () => {
    const postgres = await started(true);
    const client = new pg.Client({ connectionString: postgres.ownerUrl });
    client.on('error', () => undefined); // its server is killed
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    process.kill(rows[0]!.pid, 'SIGSTOP');
    process.kill(postgres.pid!, 'SIGKILL');
    while (exits.length === 0) await sleep(10);

    let isUp = false;
    const starting = postgres.start().then(() => (isUp = true));
    await sleep(1_000);
    expect(isUp).toBe(false);
    process.kill(rows[0]!.pid, 'SIGCONT');
    await starting;
    expect(await query(postgres.ownerUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await client.end().catch(() => undefined);
  });

  it('leaves no server behind when a start fails late, and does not tell of it as of one that ended', async () => {
    const postgres = await started(true);
    await query(postgres.superuserUrl, 'ALTER ROLE postgres NOLOGIN');
    const killed = postgres.pid!;
    process.kill(killed, 'SIGKILL');
    while (exits.length === 0) await sleep(10);

    // The server comes up, and does not let us in to look after the owner's role.
    await expect(postgres.start()).rejects.toMatchObject({ code: '28000' });
    const failed = postgres.pid!;
    expect(failed).not.toBe(killed);
    expect(() => process.kill(failed, 0)).toThrow('ESRCH');
    await expect(postgres.start()).rejects.toMatchObject({ code: '28000' });
    expect(notices).toEqual([]); // nothing of the first was left to be stopped
    expect(exits).toEqual([{ code: null, signal: 'SIGKILL' }]);
  });

  it('is durable, listens to this machine only, and to nobody without the password', async () => {
    const postgres = await started(true);
    const settings = await query(
      postgres.ownerUrl,
      `SELECT name, setting FROM pg_settings
       WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'password_encryption')`,
    );
    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      fsync: 'on',
      synchronous_commit: 'on',
      full_page_writes: 'on',
      listen_addresses: '127.0.0.1',
      password_encryption: 'scram-sha-256',
    });

    const url = new URL(postgres.ownerUrl);
    url.password = 'guessed';
    await expect(query(url.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect((await stat(join(dataFolder, 'postgres.json'))).mode & 0o077).toBe(0);
  });

  it('gives the owner no more rights than it needs, and logs no data of a statement that failed', async () => {
    const postgres = await started();
    const rights = 'SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = current_user';
    expect(await query(postgres.ownerUrl, rights)).toEqual([
      { rolsuper: false, rolbypassrls: false, rolcreaterole: true },
    ]);

    await query(postgres.ownerUrl, 'CREATE TABLE person (email text PRIMARY KEY)');
    const insert = () => query(postgres.ownerUrl, `INSERT INTO person VALUES ('mia@school.example')`);
    await insert();
    await expect(insert()).rejects.toMatchObject({ code: '23505' });
    const log = await readFile(join(folder, 'postgres.log'), 'utf8');
    expect(log).toContain('duplicate key value violates unique constraint');
    expect(log).not.toContain('mia@school.example');
  });

  it('takes over from a run that ended without stopping it', async () => {
    const left = (await started()).pid!;
    const second = await started();

    expect(notices).toEqual([`PostgreSQL was still running from an earlier start (process ${left}) and was stopped.`]);
    expect(second.pid).not.toBe(left);
    expect(await answer(second)).toEqual(ANSWER);
  });

  it('does not touch a process that has the id of a server long gone', async () => {
    const postgres = await open();
    await writeFile(join(postgres.folder, 'postmaster.pid'), `${process.pid}\n${postgres.folder}\n`);
    await postgres.start();
    expect(notices).toEqual([]);
    expect(await answer(postgres)).toEqual(ANSWER);
  });

  it('moves to another port when its own is taken, and keeps that', async () => {
    const postgres = await open();
    const taken = Number(new URL(postgres.ownerUrl).port);
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(taken, '127.0.0.1', resolve));
    await postgres.start();
    await new Promise((resolve) => other.close(resolve));
    await postgres.stop();

    const { port } = new URL(postgres.ownerUrl);
    expect(port).not.toBe(String(taken));
    expect(new URL((await open()).ownerUrl).port).toBe(port);
  });

  it.each([
    ['another major version', 'postgres/PG_VERSION', '17\n', 'other-version'],
    ['no control file', 'postgres/global/pg_control', null, 'broken-folder'],
    ['its passwords lost', 'postgres.json', null, 'broken-folder'],
    ['its passwords damaged', 'postgres.json', '{"port":', 'broken-folder'],
    ['the database gone', 'postgres', null, 'broken-folder'],
  ])('says what is wrong with a folder: %s', async (_, file, content, fault) => {
    await open();
    const path = join(dataFolder, file);
    if (content === null) await rm(path, { recursive: true });
    else await writeFile(path, content);

    await expect(open()).rejects.toMatchObject({ name: 'EmbeddedPostgresError', fault });
  });

  it('says what is wrong with a folder that only shows when it is opened', async () => {
    const postgres = await open();
    const log = join(dataFolder, 'postgres/pg_wal');
    const segments = (await readdir(log)).filter((name) => /^[0-9A-F]{24}$/.test(name));
    for (const segment of segments) await rm(join(log, segment));
    await expect(postgres.start()).rejects.toMatchObject({ fault: 'broken-folder' });
  });

  it('finishes what an interrupted first start began', async () => {
    await open();
    const file = join(dataFolder, 'postgres.json');
    const record = JSON.parse(await readFile(file, 'utf8')) as object;
    await rm(join(dataFolder, 'postgres'), { recursive: true });
    await writeFile(file, JSON.stringify({ ...record, isComplete: false }));

    expect(await answer(await started())).toEqual(ANSWER);
  });

  it('keeps its data elsewhere under a private folder of root', async ({ skip }) => {
    skip(process.getuid?.() !== 0, 'only root runs PostgreSQL as somebody else');
    await chmod(folder, 0o700);
    const postgres = await started();
    expect(postgres.folder).toMatch(/^\/var\/lib\/attune\/[0-9a-f]{12}\/postgres$/);
    expect(notices).toEqual([
      expect.stringMatching(/^PostgreSQL does not run as root, and \w+ cannot enter .*: its data/),
    ]);
    expect(await answer(postgres)).toEqual(ANSWER);
  });
});
