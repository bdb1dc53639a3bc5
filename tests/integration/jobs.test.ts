import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { installQueues, JobQueue, JobWorker, PoisonQueue, type JobHandler } from '#libs/jobs';
import { AmbientStatements, Database } from '#libs/persistence';
import { newId } from '../support/api.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { query } from '../support/postgres-client.js';
import { until } from '../support/until.js';

const institutionId = newId();
const actor = dangerousSystemActor(institutionId);
const aDay = 86_400;

describe('jobs', () => {
  let database: TestDatabase;
  let rows: Database;
  let queue: JobQueue;
  let poison: PoisonQueue;
  const workers: JobWorker[] = [];
  const troubles: object[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
    const onTrouble = (trouble: object): void => void troubles.push(trouble);
    rows = new Database({ url: database.appUrl, poolSize: 4 });
    queue = new JobQueue({ url: database.appUrl, onTrouble, ambient: new AmbientStatements(rows) });
    poison = new PoisonQueue(database.appUrl, onTrouble);
    await poison.open();
  });
  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    if (troubles.length > 0) throw new Error(`The queue had troubles: ${JSON.stringify(troubles)}`);
  });
  afterAll(async () => {
    await Promise.all([queue?.close(), poison?.close(), rows?.close()]);
    await database?.drop();
  });

  const enqueue = (submissionId: string) =>
    rows.run(actor, () => queue.enqueue('grade-submission', { institutionId, submissionId }));
  const work = async (handler: JobHandler<'grade-submission'>, settings?: { polling: number }): Promise<void> => {
    const onTrouble = (trouble: object): void => void troubles.push(trouble);
    const worker = new JobWorker({ url: database.appUrl, onTrouble, onEnded: () => undefined });
    workers.push(worker);
    await worker.start();
    await worker.work('grade-submission', handler, settings);
  };
  const jobs = (submissionId: string) =>
    query<{ name: string; state: string; retry_count: number; output: unknown }>(
      database.ownerUrl,
      `SELECT name, state::text, retry_count, output FROM pgboss.job WHERE data ->> 'submissionId' = $1 ORDER BY created_on`,
      [submissionId],
    );

  it('are there when the transaction has committed, and not when it was undone', async () => {
    const [kept, undone] = [newId(), newId()];
    await enqueue(kept);
    const failing = rows.run(actor, async () => {
      await queue.enqueue('grade-submission', { institutionId, submissionId: undone });
      throw new Error('undo');
    });
    await expect(failing).rejects.toThrow('undo');
    expect(await jobs(kept)).toMatchObject([{ state: 'created' }]);
    expect(await jobs(undone)).toEqual([]);
  });

  it('follow one another at once, however many have come together', async () => {
    const done = new Set<string>();
    const ids = Array.from({ length: 40 }, () => newId());
    for (const id of ids) await enqueue(id);
    const handler: JobHandler<'grade-submission'> = ({ submissionId }) => {
      done.add(submissionId);
      return Promise.resolve('done');
    };
    // Nobody is told of what came before, and looking for two at a time would take ten minutes.
    await work(handler, { polling: 30 });
    await until(() => ids.every((id) => done.has(id)));
  }, 25_000);

  it('start because they are told of, and not only because a worker looks for them', async () => {
    const started: string[] = [];
    await work(
      async ({ submissionId }) => {
        started.push(submissionId);
        return 'done';
      },
      { polling: aDay },
    );
    for (let i = 0; i < 3; i++) {
      const id = newId();
      await enqueue(id);
      await until(() => started.includes(id));
    }
  });

  it('are tried again when they fail', async () => {
    const id = newId();
    const attempts: number[] = [];
    await work(async ({ submissionId }, { number, isLast }) => {
      if (submissionId !== id) return 'done';
      attempts.push(number);
      expect(isLast).toBe(false);
      if (number === 1) throw new Error('the first time');
      return 'done';
    });
    await enqueue(id);
    await until(async () => (await jobs(id))[0]?.state === 'completed');
    expect(attempts).toEqual([1, 2]);
  });

  it('wait in the poison queue when they cannot be done, until they are replayed', async () => {
    const [hopeless, tired] = [newId(), newId()];
    let repaired = false;
    await work(async ({ submissionId }) => {
      if (repaired || ![hopeless, tired].includes(submissionId)) return 'done';
      if (submissionId === hopeless) return { kind: 'given-up', reason: 'grader-crashed' };
      throw Object.assign(new Error('quotes what somebody wrote'), { code: 'TIRED' });
    });
    await rows.run(actor, async () => {
      await queue.enqueue('grade-submission', { institutionId, submissionId: hopeless });
      await queue.enqueue('grade-submission', { institutionId, submissionId: tired });
      const tenant = await rows.tenant();
      await tenant.$executeRawUnsafe(`UPDATE pgboss.job SET retry_limit = 1 WHERE data ->> 'submissionId' = $1`, tired);
    });
    await until(async () => (await poison.list()).length === 2);
    const poisoned = await poison.list();
    const of = (id: string) => poisoned.find(({ data }) => 'submissionId' in data && data.submissionId === id)!;
    expect(of(hopeless)).toMatchObject({ queue: 'grade-submission', attempts: 1, reason: 'grader-crashed' });
    expect(of(tired)).toMatchObject({ attempts: 2, reason: 'TIRED' });
    expect(JSON.stringify(await jobs(tired))).not.toContain('quotes');

    repaired = true;
    expect(await poison.replay([of(hopeless).id])).toBe(1);
    expect(await poison.replay('all')).toBe(1);
    expect(await poison.list()).toEqual([]);
    await until(async () => (await jobs(tired)).some(({ state }) => state === 'completed'));
    await until(async () => (await jobs(hopeless)).some(({ state }) => state === 'completed'));
  });

  it('go on after every connection was cut', async () => {
    const done: string[] = [];
    await work(async ({ submissionId }) => {
      done.push(submissionId);
      return 'done';
    });
    await query(
      inject('postgres').superuserUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'attune-jobs' AND datname = $1`,
      [new URL(database.appUrl).pathname.slice(1)],
    );
    const id = newId();
    await enqueue(id);
    await until(() => done.includes(id));
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    troubles.splice(0); // they were told, and are over
  });

  it('need no right to change tables, and are installed by any number of servers at once', async () => {
    await Promise.all([1, 2, 3, 4].map(() => installQueues(database.ownerUrl)));
    for (const statement of ['CREATE TABLE pgboss.mine (id int)', 'ALTER TABLE pgboss.job ADD COLUMN mine int']) {
      await expect(query(database.appUrl, statement)).rejects.toMatchObject({ code: '42501' });
    }
    const names = await query<{ name: string }>(database.appUrl, 'SELECT name FROM pgboss.queue ORDER BY name');
    expect(names.map(({ name }) => name)).toEqual([
      'grade-package',
      'grade-submission',
      'import-folders',
      'learn-from-work',
      'poison',
      'prepare-run',
      'read-scans',
      'train-head',
      'verify-model',
      'watch-model',
    ]);
  });
});
