import type { ChildProcess } from 'node:child_process';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RunningPart } from '#libs/platform';
import { attune } from '../support/attune-command.js';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { ended, forkWorker, startTestWorker } from '../support/worker.js';
import { rightMarks, setAssignment, swappedMarks } from '../support/work.js';

const submission = `query ($id: UUID!) { submission(id: $id) { state failure scores { total } } }`;
const reviewQueue = `query ($courseId: UUID!) { reviewQueue(courseId: $courseId) { edges { node { id state failure } } } }`;

describe('grading, whatever happens to the worker', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let assignmentId: string;
  const children: ChildProcess[] = [];
  const parts: RunningPart[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'worker-school');
    learner = await school.join('student', 'learner');
    assignmentId = await setAssignment(api.url, school);
  }, 60_000);
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await Promise.all(parts.splice(0).map((part) => part.close()));
  });
  afterAll(() => api?.close());

  const owner = (sql: string, values: unknown[] = []) =>
    query<Record<string, unknown>>(api.database.ownerUrl, sql, values);
  const child = async (): Promise<ChildProcess> => {
    const worker = await forkWorker(api.database);
    children.push(worker);
    return worker;
  };
  const submit = async (marks: object[] = rightMarks): Promise<string> => {
    const socket = await connect(api.url, '/learn', learner.token);
    const body = { id: newId(), assignmentId, marks: marks as typeof rightMarks, at: Date.now() };
    await mustAsk(socket, '/learn', 'work.submit', body);
    socket.close();
    return body.id;
  };
  const see = async (id: string) =>
    (await graphql(api.url, submission, { token: school.teacher.token, variables: { id } })).data!['submission'];
  const job = async (id: string) =>
    (await owner(`SELECT name, state::text, retry_count FROM pgboss.job WHERE data ->> 'submissionId' = $1`, [id]))[0];

  it('is done by a process of its own, and told to the learner at once', async () => {
    const worker = await child();
    const socket = await connect(api.url, '/learn', learner.token);
    const { next } = heard(socket);
    await mustAsk(socket, '/learn', 'work.submit', { id: newId(), assignmentId, marks: swappedMarks, at: Date.now() });
    expect(await next('score.settled')).toMatchObject({ source: 'automatic', total: 0 });
    socket.close();
    worker.kill('SIGTERM');
    expect(await ended(worker)).toBe(0);
  });

  it('finishes work that came in while no worker ran', async () => {
    const id = await submit();
    expect(await see(id)).toMatchObject({ state: 'queued', scores: [] });
    parts.push(await startTestWorker(api.database));
    await until(async () => (await see(id)).state === 'graded');
  });

  it('does a job once when its worker is killed in the middle of it', async () => {
    const worker = await child();
    const id = newId();
    const holder = new pg.Client({ connectionString: api.database.ownerUrl });
    await holder.connect();
    try {
      // Whoever grades has to wait for this lock: that is the middle.
      await holder.query('BEGIN');
      await holder.query('LOCK TABLE scores IN SHARE MODE');
      const socket = await connect(api.url, '/learn', learner.token);
      await mustAsk(socket, '/learn', 'work.submit', { id, assignmentId, marks: rightMarks, at: Date.now() });
      socket.close();
      await until(async () => (await job(id))?.['state'] === 'active');
      await until(async () => (await owner('SELECT 1 FROM pg_locks WHERE NOT granted')).length > 0);
      await child();
      worker.kill('SIGKILL');
      await ended(worker);
    } finally {
      await holder.query('ROLLBACK');
      await holder.end();
    }
    expect(await see(id)).toMatchObject({ state: 'queued', scores: [] });
    await until(async () => (await see(id)).state === 'graded');
    await until(async () => (await job(id))?.['state'] === 'completed');
    expect(await job(id)).toMatchObject({ retry_count: 1 });
    expect(await see(id)).toMatchObject({ scores: [{ total: 2 }] });
    const told = await owner(`SELECT 1 FROM events WHERE type = 'score.settled' AND payload ->> 'submissionId' = $1`, [
      id,
    ]);
    expect(told).toHaveLength(1);
  }, 90_000);

  it('says so when it fails, shows it to the teacher, and grades after a repair', async () => {
    const id = await submit();
    const content = `UPDATE activity_versions SET content = jsonb_set(content, '{key,specification,kind}', $1::jsonb)
      WHERE content #> '{key,specification}' IS NOT NULL`;
    await owner(content, ['"broken"']);
    try {
      parts.push(await startTestWorker(api.database));
      await until(async () => (await see(id)).state === 'failed');
      expect(await see(id)).toMatchObject({ failure: 'specification-invalid', scores: [] });
      const answer = await graphql(api.url, reviewQueue, {
        token: school.teacher.token,
        variables: { courseId: school.courseId },
      });
      expect(answer.data!['reviewQueue'].edges).toMatchObject([{ node: { id, state: 'failed' } }]);
      await until(async () => (await owner(`SELECT 1 FROM pgboss.job WHERE name = 'poison'`)).length === 1);
    } finally {
      await owner(content, ['"labelled-parts"']);
    }
    const jobs = (...args: string[]) => attune(['jobs', ...args], { DATABASE_URL: api.database.ownerUrl });
    const listed = await jobs('list', '--json');
    expect(JSON.parse(listed.stdout)).toMatchObject({ data: { submissionId: id }, reason: 'specification-invalid' });
    expect((await jobs('list')).stdout).toContain('specification-invalid, 1 attempt');
    expect(await jobs('replay')).toMatchObject({ code: 2, stderr: '  Name the jobs to replay, or say --all.\n' });
    expect(await jobs('replay', '--all')).toMatchObject({ code: 0, stdout: '1 job put back.\n' });
    expect((await jobs('list')).stdout).toBe('The poison queue is empty.\n');
    await until(async () => (await see(id)).state === 'graded');
    expect(await see(id)).toMatchObject({ failure: null, scores: [{ total: 2 }] });
  });

  it('fails work whose job took down every worker that tried it', async () => {
    const id = await submit();
    await owner(
      `UPDATE pgboss.job SET state = 'active', retry_limit = 0, started_on = now(), heartbeat_on = now() - interval '1 minute'
       WHERE data ->> 'submissionId' = $1`,
      [id],
    );
    parts.push(await startTestWorker(api.database));
    await until(async () => (await see(id)).state === 'failed');
    expect(await see(id)).toMatchObject({ failure: 'gave-up' });
  });

  it('finds such a job behind any number of others, broken ones too', async () => {
    const id = await submit();
    const poison = `INSERT INTO pgboss.job (name, data, source_name, created_on)
      SELECT 'poison', $1::jsonb, 'grade-submission', now() + $2::interval FROM generate_series(1, $3::int)`;
    await owner(poison, [JSON.stringify({ institutionId: 'nowhere', submissionId: 'nothing' }), '-1 hour', 1_001]);
    const data = { institutionId: school.institutionId, submissionId: id };
    await owner(`DELETE FROM pgboss.job WHERE data ->> 'submissionId' = $1`, [id]);
    await owner(poison, [JSON.stringify(data), '0 hours', 1]);
    parts.push(await startTestWorker(api.database));
    await until(async () => (await see(id)).state === 'failed');
    expect(await see(id)).toMatchObject({ failure: 'gave-up' });
  });
});
