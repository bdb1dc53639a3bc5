import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '#libs/contracts';
import { dangerousSystemActor, ExchangeApiKey, ManageApiKeys } from '#libs/identity';
import { ManageEnrolments } from '#libs/learning';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { aCourse } from '../support/course.js';
import { heard } from '../support/heard.js';
import { query } from '../support/postgres-client.js';
import { expectOk, foundSchool, type Person, type School } from '../support/school.js';

/** The small course, with some of its exercises graded by the client. */
function aCourseGradedByClients(isGraded: (externalId: string) => boolean) {
  const course = aCourse();
  const activities = course.activities.map((file) => {
    const head = file.head as { externalId: string; kind: string };
    const graded = head.kind === 'exercise' && isGraded(head.externalId);
    return { ...file, head: graded ? { ...head, gradedBy: 'client' } : head };
  });
  return { ...course, activities };
}

/** An app of the school's own marks answers, and says so in the learner's name. */
describe('a session that a trusted service opens for a learner', () => {
  let api: TestApi;
  let school: School;
  let elsewhere: School;
  let learner: Person;
  let service: Socket;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(
      api.app,
      'service-school',
      aCourseGradedByClients((id) => /^counting-[0-3]$/.test(id)),
    );
    elsewhere = await foundSchool(api.app, 'other-service-school');
    learner = await school.join('student', 'learner');
    service = await connect(api.url, '/learn', await tokenOfService(school));
  }, 60_000);
  afterAll(async () => {
    service?.close();
    await api?.close();
  });

  async function tokenOfService({ institutionId }: School): Promise<string> {
    const get = <T>(token: abstract new (...args: never[]) => T): T => api.app.get(token, { strict: false });
    const key = { name: 'App', expiresAt: null };
    const { secret } = expectOk(await get(ManageApiKeys).create(dangerousSystemActor(institutionId), key));
    return expectOk(await get(ExchangeApiKey).execute(secret, { address: newId() })).accessToken;
  }
  const activityOf = async (externalId: string): Promise<string> => {
    const sql = 'SELECT id FROM activities WHERE external_id = $1 AND institution_id = $2';
    const [row] = await query<{ id: string }>(api.database.ownerUrl, sql, [externalId, school.institutionId]);
    return row!.id;
  };
  const opening = (change: object = {}) => ({
    id: newId(),
    courseId: school.courseId,
    learnerId: learner.id,
    at: Date.now(),
    ...change,
  });
  const responding = (sessionId: string, activityId: string, correct: boolean | null) => ({
    id: newId(),
    sessionId,
    activityId,
    activityVersion: 1,
    answer: { kind: 'choice', option: 'maybe' } as const,
    correct,
    durationMs: 20_000,
    at: Date.now(),
  });

  it('records what the service says is correct, and the learner hears it', async () => {
    const socket = await connect(api.url, '/learn', learner.token);
    const events = heard(socket);
    const { sessionId } = await mustAsk(service, '/learn', 'session.open', opening());
    await events.next('activity.recommended');
    const activityId = await activityOf('counting-0');
    for (const correct of [true, false]) {
      const body = responding(sessionId, activityId, correct);
      const recorded = await mustAsk(service, '/learn', 'response.record', body);
      expect(recorded).toMatchObject({ correct, feedback: correct ? 'Well done.' : 'Not yet.', resent: false });
      const [change] = recorded.mastery;
      expect(Math.sign(change!.after - change!.before)).toBe(correct ? 1 : -1);
      expect(await events.next('response.recorded')).toMatchObject({ responseId: body.id, sessionId, correct });
      expect(await mustAsk(service, '/learn', 'response.record', body)).toEqual({ ...recorded, resent: true });
    }
    const rows = await query(
      api.database.ownerUrl,
      `SELECT r.correct, r.graded_by FROM responses r JOIN users u ON u.pseudonym = r.pseudonym
       WHERE u.id = $1 ORDER BY r.sequence`,
      [learner.id],
    );
    expect(rows).toEqual([
      { correct: true, graded_by: 'client' },
      { correct: false, graded_by: 'client' },
    ]);
    const { data } = await graphql(
      api.url,
      'query ($id: UUID!) { session(id: $id) { learnerId openedBy } mastery(courseId: "' +
        school.courseId +
        '") { name responses } }',
      { token: learner.token, variables: { id: sessionId } },
    );
    expect(data!['session']).toEqual({ learnerId: learner.id, openedBy: expect.any(String) });
    expect(data!['session'].openedBy).not.toBe(learner.id);
    expect(data!['mastery']).toContainEqual({ name: 'Counting', responses: 2 });
    expect(await mustAsk(service, '/learn', 'session.close', { sessionId })).toMatchObject({ kind: 'closed' });
    socket.close();
  });

  it('recommends what the client grades there, and never in a session of the learner’s own', async () => {
    const mate = await school.join('student', 'learner');
    const isGraded = async ({ recommended }: Pick<Answer<'/learn', 'session.open'>, 'recommended'>) => {
      const sql = `SELECT content->>'gradedBy' AS by FROM activity_versions WHERE activity_id = $1 AND version = $2`;
      const { activityId, version } = recommended!.activity;
      const [row] = await query<{ by: string }>(api.database.ownerUrl, sql, [activityId, version]);
      return row!.by === 'client';
    };
    const socket = await connect(api.url, '/learn', mate.token);
    const own = await mustAsk(socket, '/learn', 'session.open', opening({ learnerId: null }));
    expect(await isGraded(own)).toBe(false);
    let next: Pick<Answer<'/learn', 'session.open'>, 'recommended'> = own;
    for (let turn = 0; turn < 8; turn++) {
      const { activityId, version, form } = next.recommended!.activity;
      next = await mustAsk(socket, '/learn', 'response.record', {
        ...responding(own.sessionId, activityId, null),
        activityVersion: version,
        answer: form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: 'yes' },
      });
      expect(await isGraded(next)).toBe(false);
    }

    const served = await mustAsk(service, '/learn', 'session.open', opening({ learnerId: mate.id }));
    let offered = served as typeof next;
    for (let turn = 0; turn < 20 && !(await isGraded(offered)); turn++) {
      const { activityId, version, form } = offered.recommended!.activity;
      offered = await mustAsk(service, '/learn', 'response.record', {
        ...responding(served.sessionId, activityId, null),
        activityVersion: version,
        answer: form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: 'yes' },
      });
    }
    expect(await isGraded(offered), 'the service is given something to grade').toBe(true);
    const standing = 'query ($id: UUID!) { nextActivity(sessionId: $id) { decisionId } }';
    const { data } = await graphql(api.url, standing, { token: mate.token, variables: { id: own.sessionId } });
    expect(data).toEqual({ nextActivity: null });
    expect(await isGraded(await mustAsk(socket, '/learn', 'session.open', opening({ learnerId: null })))).toBe(false);
    socket.close();
  });

  it('does not let the learner answer what the client grades', async () => {
    const socket = await connect(api.url, '/learn', learner.token);
    const { sessionId } = await mustAsk(socket, '/learn', 'session.open', opening({ learnerId: learner.id }));
    const activityId = await activityOf('counting-1');
    for (const correct of [null, true, false]) {
      expect(await ask(socket, '/learn', 'response.record', responding(sessionId, activityId, correct))).toMatchObject({
        code: 'NOT_GRADED_BY_CLIENT',
      });
    }
    socket.close();
  });

  it('is opened by nobody else, and for nobody else', async () => {
    const mate = await school.join('student', 'learner');
    const stranger = await school.join('student', null);
    const gone = await school.join('student', 'learner');
    const enrolments = api.app.get(ManageEnrolments, { strict: false });
    const system = dangerousSystemActor(school.institutionId);
    expectOk(await enrolments.end(system, { courseId: school.courseId, userId: gone.id }));
    const others = await connect(api.url, '/learn', await tokenOfService(elsewhere));
    const [student, teacher] = [
      await connect(api.url, '/learn', mate.token),
      await connect(api.url, '/learn', school.teacher.token),
    ];
    const before = await query(api.database.ownerUrl, 'SELECT id FROM learning_sessions');
    const refusals: [Socket, object, string][] = [
      [student, {}, 'FORBIDDEN'],
      [teacher, {}, 'FORBIDDEN'],
      [others, {}, 'NOT_FOUND'],
      [service, { learnerId: stranger.id }, 'NOT_FOUND'],
      [service, { learnerId: gone.id }, 'FORBIDDEN'],
      [service, { learnerId: school.teacher.id }, 'FORBIDDEN'],
      [service, { learnerId: newId() }, 'NOT_FOUND'],
      [service, { learnerId: null }, 'NOT_FOUND'],
    ];
    for (const [socket, change, code] of refusals) {
      expect(await ask(socket, '/learn', 'session.open', opening(change))).toMatchObject({ kind: 'failure', code });
    }
    expect(await query(api.database.ownerUrl, 'SELECT id FROM learning_sessions')).toHaveLength(before.length);
    const { sessionId } = await mustAsk(service, '/learn', 'session.open', opening());
    const body = responding(sessionId, await activityOf('counting-2'), null);
    for (const socket of [student, teacher, others]) {
      expect(await ask(socket, '/learn', 'response.record', body)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await ask(socket, '/learn', 'session.close', { sessionId })).toMatchObject({ code: 'NOT_FOUND' });
      socket.close();
    }
  });
});
