import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, connect, graphql, mustAsk, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { rightMarks, setAssignment } from '../support/work.js';

/** The value of a series that has these labels, or null when there is none. */
async function read(url: string, name: string, labels: Record<string, string>): Promise<number | null> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const line = text
    .split('\n')
    .find(
      (candidate) =>
        candidate.startsWith(`${name}{`) &&
        Object.entries(labels).every(([label, value]) => candidate.includes(`${label}="${value}"`)),
    );
  return line === undefined ? null : Number(line.slice(line.lastIndexOf(' ') + 1));
}

describe('metrics', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let assignmentId: string;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'metrics-school');
    learner = await school.join('student', 'learner');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterAll(() => api?.close());

  async function submit(): Promise<string> {
    const socket = await connect(api.url, '/learn', learner.token);
    const id = newId();
    await mustAsk(socket, '/learn', 'work.submit', { id, assignmentId, marks: rightMarks, at: Date.now() });
    socket.close();
    return id;
  }

  it('count a GraphQL operation and a socket request', async () => {
    const overHttp = () => read(api.url, 'attune_http_request_seconds_count', { route: '/graphql', status: '200' });
    const overSocket = () => read(api.url, 'attune_socket_request_seconds_count', { request: 'work.submit' });
    const [http, socket] = [(await overHttp()) ?? 0, (await overSocket()) ?? 0];
    await graphql(api.url, '{ viewer { id } }', { token: learner.token });
    await submit();
    expect(await overHttp()).toBe(http + 1);
    expect(await overSocket()).toBe(socket + 1);
  });

  it('count the jobs of a worker, and those that wait, on the port that it was given', async () => {
    await query(api.database.ownerUrl, `DELETE FROM pgboss.job`);
    const worker = await startTestWorker(api.database, { WORKER_PORT: '0' });
    try {
      const url = worker.url!;
      const done = () => read(url, 'attune_jobs_total', { queue: 'grade-submission', outcome: 'completed' });
      const waiting = (queue: string) => read(url, 'attune_jobs_waiting', { queue });
      expect(await (await fetch(`${url}/health/live`)).json()).toMatchObject({ status: 'live' });
      expect((await fetch(`${url}/health/ready`)).status).toBe(200);
      expect((await fetch(`${url}/graphql`)).status).toBe(404);
      expect(await done()).toBeNull();
      expect(await waiting('poison')).toBe(0);

      await submit();
      await until(async () => (await done()) === 1);

      // One that may be taken in an hour, and one that nobody could do.
      await query(
        api.database.ownerUrl,
        `INSERT INTO pgboss.job (name, data, start_after)
         VALUES ('grade-submission', '{}', now() + interval '1 hour'), ('poison', '{}', now())`,
      );
      await until(async () => (await waiting('grade-submission')) === 1 && (await waiting('poison')) === 1);
    } finally {
      await worker.close();
    }
  });

  it('are not served by a worker that was given no port', async () => {
    const worker = await startTestWorker(api.database);
    expect(worker.url).toBeUndefined();
    await worker.close();
  });
});
