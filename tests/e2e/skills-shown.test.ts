import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { dangerousSystemActor } from '#libs/identity';
import { JobQueue } from '#libs/jobs';
import { Database } from '#libs/persistence';
import type { RunningPart } from '#libs/platform';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { attuneJson } from '../support/attune-command.js';
import { rightOption } from '../support/course.js';
import { heard, type Heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { startTestWorker } from '../support/worker.js';
import { outcome, rightMarks, setAssignment, swappedMarks } from '../support/work.js';

/** Nobody needs more works than these to come to master a skill, or to cease to. */
const enough = 40;

const mastery = `query ($courseId: UUID!) { mastery(courseId: $courseId) { skillId name probability responses mastered } }`;
const history = `query ($courseId: UUID!, $skillId: UUID!) {
  masteryHistory(courseId: $courseId, skillId: $skillId) { sequence probability } }`;
const review = `mutation ($input: ReviewSubmissionInput!) { reviewSubmission(input: $input) { __typename
  ... on ReviewedSubmission { score { id } } ... on InvalidInput { issues { path message } } ... on Refusal { code message } } }`;

interface Mastery {
  readonly skillId: string;
  readonly probability: number;
  readonly responses: number;
  readonly mastered: boolean;
}

/** What handed-in work shows of skills, by way of two workers. */
describe('work that was handed in', () => {
  let api: TestApi;
  let workers: RunningPart[] = [];
  let school: School;
  let practice: string;
  let graded: string;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi();
    workers = await Promise.all([startTestWorker(api.database), startTestWorker(api.database)]);
    school = await foundSchool(api.app, 'showing-school');
    practice = await setAssignment(api.url, school);
    graded = await setAssignment(api.url, school, { stakes: 'graded' });
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(async () => {
    await Promise.all(workers.map((worker) => worker.close()));
    await api?.close();
  });

  const owner = <Row extends object>(sql: string, values: unknown[] = []) =>
    query<Row>(api.database.ownerUrl, sql, values);
  const open = async (namespace: '/learn' | '/teach', { token }: Person): Promise<Socket & { heard: Heard }> => {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return Object.assign(socket, { heard: heard(socket) });
  };
  /** Until what was handed in is graded, and what follows from it is done. */
  const isQuiet = () =>
    until(async () => {
      const waiting = await owner(
        `SELECT FROM pgboss.job WHERE name IN ('grade-submission', 'learn-from-work') AND state IN ('created', 'retry', 'active')`,
      );
      return waiting.length === 0;
    });
  const handIn = async (socket: Socket, assignmentId: string, marks: object[]): Promise<string> => {
    const body = { id: newId(), assignmentId, marks: marks as typeof rightMarks, at: Date.now() };
    await mustAsk(socket, '/learn', 'work.submit', body);
    await isQuiet();
    return body.id;
  };
  const settle = async (submissionId: string, overrides: { criterionId: string; awarded: number }[] = []) => {
    const reason = overrides.length > 0 ? 'As I see it.' : null;
    const input = { id: newId(), submissionId, overrides, reason };
    const answer = await graphql(api.url, review, { token: school.teacher.token, variables: { input } });
    outcome(answer, 'reviewSubmission', 'ReviewedSubmission');
    await isQuiet();
  };
  /** Has the workers told of the first score of a work, so many times at once. */
  const tellOf = async (submissionId: string, times: number): Promise<void> => {
    const [score] = await owner<{ id: string }>('SELECT id FROM scores WHERE submission_id = $1', [submissionId]);
    const { institutionId } = school;
    await api.app.get(Database, { strict: false }).run(dangerousSystemActor(institutionId), async () => {
      const queue = api.app.get(JobQueue, { strict: false });
      for (let time = 0; time < times; time++)
        await queue.enqueue('learn-from-work', { institutionId, scoreId: score!.id });
    });
    await isQuiet();
  };
  const shapesOf = async ({ token }: Person): Promise<Mastery> => {
    const { data } = await graphql(api.url, mastery, { token, variables: { courseId: school.courseId } });
    return (data!['mastery'] as (Mastery & { name: string })[]).find(({ name }) => name === 'Shapes')!;
  };

  it('counts once for the skill of its criteria, however often it is told of and whatever a teacher changes later', async () => {
    const learner = await school.join('student', 'learner');
    const socket = await open('/learn', learner);
    const before = await shapesOf(learner);
    const id = await handIn(socket, practice, rightMarks);
    const shown = await shapesOf(learner);
    expect(shown.probability).toBeGreaterThan(before.probability);
    expect(shown.responses).toBe(1);

    await tellOf(id, 3);
    await settle(id, [{ criterionId: 'left', awarded: 0 }]);
    expect(await shapesOf(learner)).toEqual(shown);

    const variables = { courseId: school.courseId, skillId: shown.skillId };
    const { data } = await graphql(api.url, history, { token: learner.token, variables });
    expect(data!['masteryHistory']).toEqual([{ sequence: 1, probability: expect.closeTo(shown.probability, 2) }]);

    await handIn(socket, practice, swappedMarks);
    const lost = await shapesOf(learner);
    expect(lost.probability).toBeLessThan(shown.probability);
    expect(lost.responses).toBe(2);
  });

  it('counts for nothing before the teacher has settled what counts, and then as she sees it', async () => {
    const learner = await school.join('student', 'learner');
    const socket = await open('/learn', learner);
    const before = await shapesOf(learner);
    const id = await handIn(socket, graded, swappedMarks);
    expect(await shapesOf(learner)).toEqual(before);
    await settle(
      id,
      ['left', 'right'].map((criterionId) => ({ criterionId, awarded: 1 })),
    );
    const after = await shapesOf(learner);
    expect(after.probability).toBeGreaterThan(before.probability);
    await settle(id, [{ criterionId: 'left', awarded: 0 }]);
    expect(await shapesOf(learner)).toEqual(after);
  });

  it('counts once where two workers hear of it at the same time, of a learner of whom nothing is known yet', async () => {
    const learner = await school.join('student', 'learner');
    const id = await handIn(await open('/learn', learner), graded, rightMarks);
    await tellOf(id, 8);
    expect(await shapesOf(learner)).toMatchObject({ responses: 1 });
  });

  it('shows nothing where it is blank, until a teacher has scored it herself', async () => {
    const learner = await school.join('student', 'learner');
    const socket = await open('/learn', learner);
    const id = await handIn(socket, practice, []);
    await settle(id);
    expect(await shapesOf(learner)).toMatchObject({ responses: 0 });
    await settle(id, [{ criterionId: 'left', awarded: 0.5 }]);
    expect(await shapesOf(learner)).toMatchObject({ responses: 1 });
  });

  it('shows nothing of somebody who has left', async () => {
    const learner = await school.join('student', 'learner');
    const id = await handIn(await open('/learn', learner), graded, rightMarks);
    await owner('UPDATE enrolments SET left_at = now() WHERE user_id = $1', [learner.id]);
    await settle(id);
    expect(await owner('SELECT FROM learner_states WHERE learner_id = $1', [learner.id])).toEqual([]);
  });

  it('is told of where a skill comes to count as mastered, or ceases to, and then the next recommendation is another', async () => {
    const learner = await school.join('student', 'learner');
    const socket = await open('/learn', learner);
    const teach = await open('/teach', school.teacher);
    const { courseId } = school;
    await mustAsk(teach, '/teach', 'course.watch', { courseId });
    const session = () => mustAsk(socket, '/learn', 'session.open', { id: newId(), courseId, at: Date.now() });
    const standing = (await session()).recommended!;
    expect((await session()).recommended!.decisionId).toBe(standing.decisionId);

    for (let works = 0; works < enough && !(await shapesOf(learner)).mastered; works++)
      await handIn(socket, practice, rightMarks);
    const { skillId } = await shapesOf(learner);
    const crossed = { skillId, mastered: true, courseId };
    expect(await socket.heard.next('mastery.updated')).toMatchObject(crossed);
    expect(await teach.heard.next('mastery.updated')).toMatchObject({ ...crossed, learnerId: learner.id });
    // Choosing counts the moments since, so it is not to be a matter of a hair.
    for (let more = 0; more < 8; more++) await handIn(socket, practice, rightMarks);
    const later = await session();
    expect(later.recommended!.decisionId).not.toBe(standing.decisionId);
    const [{ skills }] = (await owner<{ skills: string[] }>(
      `SELECT v.skill_ids::text[] AS skills FROM activity_versions v WHERE v.activity_id = $1`,
      [later.recommended!.activity.activityId],
    )) as [{ skills: string[] }];
    expect(skills).not.toContain(skillId);

    // What she has before her goes on being what she was recommended, also when work tells more meanwhile.
    for (let works = 0; works < enough && (await shapesOf(learner)).mastered; works++)
      await handIn(socket, practice, swappedMarks);
    expect(await socket.heard.next('mastery.updated')).toMatchObject({ skillId, mastered: false });
    const { activityId, version, form } = later.recommended!.activity;
    const response = await mustAsk(socket, '/learn', 'response.record', {
      id: newId(),
      sessionId: later.sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: rightOption },
      durationMs: 20_000,
      at: Date.now(),
    });
    const [answered] = await owner<{ decision_id: string }>('SELECT decision_id FROM responses WHERE id = $1', [
      response.responseId,
    ]);
    expect(answered).toEqual({ decision_id: later.recommended!.decisionId });
  }, 60_000);

  it('is rebuilt from what is stored of it, exactly as it was learnt from', async () => {
    const rows = await owner<{ works: number; of: number }>(
      `SELECT count(*)::int AS works, count(DISTINCT submission_id)::int AS of FROM responses WHERE submission_id IS NOT NULL`,
    );
    expect(rows[0]!.works).toBe(rows[0]!.of);
    expect(rows[0]!.works).toBeGreaterThan(5);
    const checked = await attuneJson<{ responses: number }[]>(api.database.ownerUrl, 'rebuild', 'mastery', '--check');
    expect(checked).toMatchObject({ code: 0, found: [{ changed: 0 }] });
    expect(checked.found[0]!.responses).toBeGreaterThan(rows[0]!.works);
  });

  it('stands between a recommendation and its answer in the log of decisions, and is none itself', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'attune-shown-'));
    const out = ['--out', join(folder, 'decisions.jsonl')];
    const command = ['export', 'decisions', '--course', school.courseId, ...out];
    const { found } = await attuneJson<{ exported: number; unanswered: number; unmarked: number }>(
      api.database.ownerUrl,
      ...command,
    );
    await rm(folder, { recursive: true });
    // Of her three, the first was replaced when she came back, and the last one stands.
    expect(found).toMatchObject({ unanswered: 2 });
    expect(found.exported + found.unmarked).toBe(1);
  });
});
