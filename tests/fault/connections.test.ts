import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask, graphql, newId, startTestApi } from '../support/api.js';
import { forkApi, type ApiProcess } from '../support/api-process.js';
import { Device, eventually } from '../support/device.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';
import { rightMarks, setAssignment } from '../support/work.js';
import { ended, forkWorker } from '../support/worker.js';

/** Connections that each process holds at most, as docs/runbooks/connections.md says, with the default pool. */
const budget = { api: 23, worker: 25 } as const;
const poolSize = 20;

describe('connections to the database', () => {
  let postgres: OwnPostgres;
  let api: ApiProcess;
  let worker: ChildProcess | undefined;
  let school: School;
  let assignmentId: string;
  let devices: Device[] = [];
  let watcher: pg.Client;

  beforeAll(async () => {
    postgres = await startOwnPostgres();
    const founding = await startTestApi({}, postgres.database);
    school = await foundSchool(founding.app, 'busy-school');
    assignmentId = await setAssignment(founding.url, school);
    const learners = await Promise.all(Array.from({ length: 30 }, () => school.join('student', 'learner')));
    await founding.stop();
    watcher = new pg.Client({ connectionString: postgres.superuserUrl });
    await watcher.connect();
    await eventually(async () => (await count()) === 0);
    api = await forkApi(postgres.database);
    devices = await Promise.all(learners.map(({ token }) => Device.connect(api.url, token)));
    await Promise.all(devices.map((device) => device.openSession(school.courseId)));
  }, 120_000);
  afterAll(async () => {
    for (const device of devices) device.close();
    for (const child of [api?.child, worker]) {
      child?.kill('SIGTERM');
      if (child) await ended(child);
    }
    await watcher?.end();
    await postgres?.destroy();
  });

  async function count(): Promise<number> {
    const { rows } = await watcher.query<{ number: number }>(
      `SELECT count(*)::int AS number FROM pg_stat_activity WHERE usename = 'attune_app'`,
    );
    return rows[0]!.number;
  }

  /** The most connections that are open at one moment while something is done. */
  async function mostDuring(work: Promise<unknown>): Promise<number> {
    let going = true;
    let most = 0;
    const watching = (async () => {
      while (going) most = Math.max(most, await count());
    })();
    await work.finally(() => (going = false));
    await watching;
    return most;
  }

  /** More at once than there are connections, over every way in. */
  async function crowd(): Promise<void> {
    const each = devices.map(async (device, index) => {
      for (let turn = 0; turn < 5; turn++) {
        await device.respond();
        await device.catchUp(0);
        const token = index % 2 === 0 ? school.teacher.token : school.admin.token;
        const document = '{ viewer { id } courses(first: 20) { edges { node { id title } } } }';
        expect(await graphql(api.url, document, { token })).toMatchObject({ status: 200 });
      }
      if (index % 3 > 0) return;
      const work = { id: newId(), assignmentId, marks: rightMarks, at: Date.now() };
      expect(await ask(device.socket, '/learn', 'work.submit', work)).toMatchObject({ kind: 'submitted' });
    });
    await Promise.all(each);
  }

  it('of an API stay within its budget, and nobody is turned away', async () => {
    const most = await mostDuring(crowd());
    expect(most).toBeGreaterThan(poolSize / 2);
    expect(most).toBeLessThanOrEqual(budget.api);
  });

  it('of an API and a worker together stay within theirs', async () => {
    const done = async (): Promise<boolean> => {
      const rows = await query(postgres.database.ownerUrl, `SELECT FROM submissions WHERE state = 'queued'`);
      return rows.length === 0;
    };
    const work = (async () => {
      worker = await forkWorker(postgres.database, { LOG_LEVEL: 'silent' });
      await crowd();
      await eventually(done, 60_000);
    })();
    expect(await mostDuring(work)).toBeLessThanOrEqual(budget.api + budget.worker);
  });

  it('leave room on the embedded server, as the runbook says', async () => {
    const { rows } = await watcher.query<{ max: number; reserved: number }>(
      `SELECT current_setting('max_connections')::int AS max,
              current_setting('superuser_reserved_connections')::int AS reserved`,
    );
    const [{ max, reserved }] = rows as [{ max: number; reserved: number }];
    expect(budget.api + budget.worker).toBeLessThan(max - reserved);
    const runbook = await readFile(join(import.meta.dirname, '../../docs/runbooks/connections.md'), 'utf8');
    expect(runbook).toMatch(new RegExp(`\\| API +\\|.*\\| ${budget.api} +\\|`));
    expect(runbook).toMatch(new RegExp(`\\| Worker +\\|.*\\| ${budget.worker} +\\|`));
  });
});
