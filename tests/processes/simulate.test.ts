import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { operations, AttuneClient } from '#libs/client';
import type { RunningPart } from '#libs/platform';
import { attune } from '../support/attune-command.js';
import { startTestApi, type TestApi } from '../support/api.js';
import { readCourseFolder, readCourseMedia, seedDemoSchool, withSeedServices } from '../support/demo-school.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from '../support/postgres-client.js';
import { simulate, type SimulateOptions } from '../support/simulate.js';
import { startTestWorker } from '../support/worker.js';

const courseFolder = join(import.meta.dirname, '../../prisma/seed/cell-biology');
const secret = 'a secret of the tests, long enough for all';

describe('a simulated class', () => {
  let api: TestApi;
  let worker: RunningPart;
  let database: TestDatabase;
  let admin: SimulateOptions['admin'];
  let folder: string;
  let accounts: Awaited<ReturnType<typeof seedDemoSchool>>;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-simulate-'));
    database = await createTestDatabase();
    accounts = await withSeedServices({ appUrl: database.appUrl, secret }, async (services) =>
      seedDemoSchool(services, await readCourseFolder(courseFolder), await readCourseMedia(courseFolder)),
    );
    admin = { institution: accounts.institution, ...accounts.admin };
    const settings = { ATTUNE_DATA_DIR: folder };
    api = await startTestApi(settings, database);
    worker = await startTestWorker(database, settings);
  }, 60_000);
  afterAll(async () => {
    await worker?.close();
    await api?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const options = (more: Partial<SimulateOptions> = {}): SimulateOptions => ({
    url: api.url,
    admin,
    course: 'cell-biology',
    learners: 8,
    responses: 12,
    minutes: null,
    thinkMs: 60,
    traces: null,
    drawings: 0.25,
    seed: 'test',
    progress: null,
    signal: new AbortController().signal,
    ...more,
  });
  const count = async (sql: string): Promise<number> =>
    (await query<{ n: number }>(database.ownerUrl, `SELECT count(*)::int AS n FROM ${sql}`))[0]!.n;

  it('learns, draws and is reviewed through the public API, and every answer is stored', async () => {
    const report = await simulate(options());
    expect(report).toMatchObject({ learners: 8, responses: 96, submissions: 2, scoresHeard: 2, errors: 0 });
    expect(report).toMatchObject({ reviews: 2, reviewsHeard: 2, reconnects: 0 });
    expect(report.events).toBeGreaterThanOrEqual(96 + 8);
    expect(report.latencyMs.p50).toBeGreaterThan(0);
    expect(report.latencyMs.p99).toBeGreaterThanOrEqual(report.latencyMs.p50);
    expect(report.interventions.offered).toBe(report.interventions.accepted + report.interventions.dismissed);
    // what drawings tell of skills is stored beside them, without a session
    expect(await count('responses WHERE session_id IS NOT NULL')).toBe(96);
    expect(await count('submissions WHERE file_id IS NOT NULL')).toBe(2);
  }, 60_000);

  it('replays real learners: their right and wrong answers, on exercises by the order of their skills', async () => {
    const traces = join(folder, 'traces.csv');
    await writeFile(traces, '891,1\n7,8,9,9\n1,1,2,3\n1,0,1,1\n892,2\n7,8,9\n1,1,2\n0,0,0\n');
    const before = await count('responses');
    const right = await count('responses WHERE correct');
    const report = await simulate(options({ learners: 2, traces, drawings: 0 }));
    // Two rows of one item are one answer: three of each learner.
    expect(report).toMatchObject({ responses: 6, submissions: 0, errors: 0, shareRight: 0.333 });
    expect((await count('responses')) - before).toBe(6);
    expect((await count('responses WHERE correct')) - right).toBe(2);
  }, 60_000);

  it('is offered help where practice does not help, and takes or dismisses it', async () => {
    const traces = join(folder, 'stuck.csv');
    const row = (value: (index: number) => number) => Array.from({ length: 24 }, (_, index) => value(index)).join(',');
    await writeFile(traces, `1,1\n${row((index) => 1 + (index % 8))}\n${row(() => 1)}\n${row(() => 0)}\n`);
    const { interventions, ...report } = await simulate(options({ learners: 1, responses: 24, traces, drawings: 0 }));
    expect(report).toMatchObject({ responses: 24, shareRight: 0, errors: 0 });
    expect(interventions.offered).toBeGreaterThan(0);
    expect(interventions.offered).toBe(interventions.accepted + interventions.dismissed);
  }, 60_000);

  it('ends when its minutes are over', async () => {
    // Without an end it would go on for much longer than a test may.
    const report = await simulate(options({ learners: 3, responses: 10_000, minutes: 0.03, drawings: 0 }));
    expect(report.responses).toBeLessThan(30_000);
    expect(report.responses).toBeGreaterThan(9);
    expect(report.errors).toBe(0);
  }, 60_000);

  it('replays learners of a file that knows no skills', async () => {
    const traces = join(folder, 'no-skills.csv');
    await writeFile(traces, '3\n7,8,9\n1,0,1\n2\n9,7\n0,0\n');
    const report = await simulate(options({ learners: 2, traces, drawings: 0 }));
    expect(report).toMatchObject({ responses: 5, errors: 0, shareRight: 0.4 });
  }, 60_000);

  describe('as a command', () => {
    const run = (args: string[], env: Record<string, string> = {}) =>
      attune(['simulate', '--url', api.url, '--learners', '2', '--think-ms', '0', '--drawings', '0', ...args], {
        ATTUNE_ADMIN_PASSWORD: admin.password,
        ...env,
      });
    const asAdmin = () => ['--institution', admin.institution, '--admin-email', admin.email];

    it('prints a report as JSON and nothing else', async () => {
      const { code, stdout, stderr } = await run([...asAdmin(), '--responses', '3', '--json']);
      expect(stderr).toBe('');
      expect(code).toBe(0);
      const report = JSON.parse(stdout) as object;
      expect(Object.keys(report)).toEqual([
        'learners',
        'responses',
        'shareRight',
        'seconds',
        'responsesPerSecond',
        'latencyMs',
        'fromDueMs',
        'events',
        'hints',
        'interventions',
        'masteryGained',
        'submissions',
        'scoresHeard',
        'awaitReview',
        'reviews',
        'reviewsHeard',
        'reconnects',
        'errors',
        'errorsByCode',
        'simulatorCpuSeconds',
      ]);
      expect(report).toMatchObject({ learners: 2, responses: 6, errors: 0, errorsByCode: {} });
    }, 60_000);

    it('prints the same as a table, and finds the sign-in of the demo school by itself', async () => {
      const ATTUNE_DATA_DIR = await mkdtemp(join(folder, 'data-'));
      await writeFile(join(ATTUNE_DATA_DIR, 'demo-accounts.json'), JSON.stringify(accounts));
      const { code, stdout } = await run(['--responses', '2'], { ATTUNE_DATA_DIR });
      expect(code).toBe(0);
      const rows = stdout.split('\n').filter((line) => line.trim() !== '');
      expect(rows.map((line) => line.slice(2, 26).trim())).toEqual([
        'learners',
        'events heard',
        'responses',
        'responses a second',
        'latency p50 / p95 / p99',
        '',
        'hints taken',
        'mastery gained',
        'help offered',
        'drawings handed in',
        'reviews',
        'reconnects',
        'errors',
      ]);
      expect(rows[0]).toBe('  learners                  2');
      expect(rows[2]).toMatch(/^ {2}responses {17}4, \d+ % of the exercises right$/);
      expect(rows[4]).toMatch(/ {2}\d+\.\d ms \/ \d+\.\d ms \/ \d+\.\d ms {2}from sending to the answer$/);
      expect(rows.at(-1)).toBe('  errors                    0');
    }, 60_000);

    it.each([
      ['an account that there is none of', ['--admin-email', 'nobody@demo.school'], 'The administrator cannot sign in'],
      ['no sign-ins', [], 'There are no demo sign-ins in'],
      ['a file that is not there', ['--admin-email', 'ada@demo.school', '--traces', 'none.csv'], 'cannot be read'],
    ])(
      'ends with 1 and a sentence on standard error: %s',
      async (_, args, sentence) => {
        const { code, stdout, stderr } = await run(args, { ATTUNE_DATA_DIR: join(folder, 'nowhere') });
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
        expect(stderr).toContain(sentence);
        expect(stderr).not.toMatch(/^ +at /m);
      },
      60_000,
    );

    it('refuses numbers that make no sense, before it asks anybody', async () => {
      const { code, stderr } = await run(['--drawings', '2']);
      expect(code).toBe(1);
      expect(stderr).toContain('Give a number from 0 to 1.');
    });
  });

  it('says in a sentence what is in its way', async () => {
    await expect(simulate(options({ url: 'http://127.0.0.1:9' }))).rejects.toThrow(/No Attune answers at/);
    const wrong = { ...admin, password: 'wrong' };
    await expect(simulate(options({ admin: wrong }))).rejects.toThrow(/administrator cannot sign in/);
    await expect(simulate(options({ course: 'no-such-course' }))).rejects.toThrow(/no course "no-such-course"/);
    await expect(simulate(options({ traces: join(folder, 'none.csv') }))).rejects.toThrow(/cannot be read/);
  }, 60_000);

  it('sends operations that the server knows', async () => {
    const client = new AttuneClient({ url: api.url });
    await client.signIn(admin);
    const { courses } = await client.graphql(operations.courses, { first: 1, after: null });
    const courseId = courses.edges[0]!.node.id;
    const { mastery } = await client.graphql(operations.mastery, { courseId, learnerId: await someLearner() });
    expect(mastery).toHaveLength(12);
  });

  async function someLearner(): Promise<string> {
    const sql = `SELECT user_id AS id FROM enrolments WHERE role = 'learner' LIMIT 1`;
    return (await query<{ id: string }>(database.ownerUrl, sql))[0]!.id;
  }
});
