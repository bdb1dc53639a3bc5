import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { dangerousSystemActor, ManageApiKeys, ExchangeApiKey } from '#libs/identity';
import type { Answer, RequestInput } from '#libs/contracts';
import { ImportCourse, ManageEnrolments } from '#libs/learning';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { aCourse } from '../support/course.js';
import { query } from '../support/postgres-client.js';
import { expectOk, foundSchool, type Person, type School } from '../support/school.js';

type Body = RequestInput<'/learn', 'response.record'>;

/** Each promise of docs/recording-responses.md, through the public interface. */
describe('recording a response', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let opened: Answer<'/learn', 'session.open'>;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'recording-school');
  }, 60_000);
  afterAll(() => api?.close());

  beforeEach(async () => {
    socket?.close();
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
    opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
  });

  /** A body that answers whatever was recommended. */
  const aBody = (change: Partial<Body> = {}): Body => {
    const { activity } = opened.recommended!;
    return {
      id: newId(),
      sessionId: opened.sessionId,
      activityId: activity.activityId,
      activityVersion: activity.version,
      answer: activity.form.kind === 'none' ? { kind: 'done' } : { kind: 'choice', option: 'no' },
      durationMs: 5_000,
      at: Date.now(),
      ...change,
    };
  };
  const record = (body: Body) => ask(socket, '/learn', 'response.record', body);
  const exerciseId = async (externalId: string): Promise<string> => {
    const [row] = await query<{ id: string }>(
      api.database.ownerUrl,
      'SELECT id FROM activities WHERE external_id = $1 AND institution_id = $2',
      [externalId, school.institutionId],
    );
    return row!.id;
  };
  const stored = async (): Promise<{ id: string; sequence: number }[]> =>
    query(
      api.database.ownerUrl,
      `SELECT r.id, r.sequence FROM responses r JOIN users u ON u.pseudonym = r.pseudonym WHERE u.id = $1 ORDER BY r.sequence`,
      [learner.id],
    );

  it('is one transaction: response, state, decision and events, or nothing', async () => {
    const recorded = await mustAsk(socket, '/learn', 'response.record', aBody());
    const rows = async (
      table: string,
      where = 'pseudonym = (SELECT pseudonym FROM users WHERE id = $1)',
    ): Promise<number> => {
      const [row] = await query<{ n: string }>(
        api.database.ownerUrl,
        `SELECT count(*) AS n FROM ${table} WHERE ${where}`,
        [learner.id],
      );
      return Number(row!.n);
    };
    expect(await rows('responses')).toBe(1);
    expect(await rows('decisions')).toBe(2);
    const [state] = await query<{ sequence: number; decision_id: string }>(
      api.database.ownerUrl,
      'SELECT sequence, decision_id FROM learner_states WHERE learner_id = $1',
      [learner.id],
    );
    expect(state).toEqual({ sequence: 1, decision_id: recorded.recommended!.decisionId });
    expect(await rows('events', `stream = 'learner/' || $1::text AND type = 'response.recorded'`)).toBe(1);
  });

  it('has one effect when the same body comes many times at once, over socket and GraphQL', async () => {
    const body = aBody({ activityId: await exerciseId('counting-0'), answer: { kind: 'choice', option: 'yes' } });
    const { answer: _, ...input } = body;
    const overGraphql = () =>
      graphql(
        api.url,
        `
          mutation ($input: RecordResponseInput!) {
            recordResponse(input: $input) {
              ... on RecordedResponse {
                sequence
                resent
              }
              ... on Refusal {
                code
              }
            }
          }
        `,
        {
          token: learner.token,
          variables: { input: { ...input, at: new Date(body.at).toISOString(), answer: { choice: 'yes' } } },
        },
      );
    const answers = await Promise.all([record(body), record(body), overGraphql(), record(body), overGraphql()]);
    const sequences = answers.map((answer) =>
      'data' in answer ? answer.data!['recordResponse'].sequence : (answer as { sequence: number }).sequence,
    );
    expect(sequences).toEqual([1, 1, 1, 1, 1]);
    expect(await stored()).toEqual([{ id: body.id, sequence: 1 }]);
  });

  it('refuses an id that was used for another body, also by somebody else', async () => {
    const body = aBody();
    await mustAsk(socket, '/learn', 'response.record', body);
    expect(await record({ ...body, durationMs: 6_000 })).toMatchObject({ kind: 'failure', code: 'ID_REUSED' });
    const other = await school.join('student', 'learner');
    const otherSocket = await connect(api.url, '/learn', other.token);
    const session = await mustAsk(otherSocket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    expect(
      await ask(otherSocket, '/learn', 'response.record', { ...body, sessionId: session.sessionId }),
    ).toMatchObject({ code: 'ID_REUSED' });
    otherSocket.close();
    expect(await stored()).toHaveLength(1);
  });

  it('numbers the responses of two tabs without a gap, and ends in the state of that order', async () => {
    const second = await connect(api.url, '/learn', learner.token);
    const ids = await Promise.all(['counting-0', 'counting-1', 'counting-2', 'shapes-0', 'shapes-1'].map(exerciseId));
    const bodies = Array.from({ length: 40 }, (_, i) =>
      aBody({ activityId: ids[i % ids.length]!, answer: { kind: 'choice', option: i % 3 === 0 ? 'no' : 'yes' } }),
    );
    for (let i = 0; i < bodies.length; i += 10) {
      const answers = await Promise.all(
        bodies.slice(i, i + 10).map((body, j) => ask(j % 2 ? second : socket, '/learn', 'response.record', body)),
      );
      for (const answer of answers) expect(answer).toMatchObject({ kind: 'recorded' });
    }
    second.close();
    expect((await stored()).map(({ sequence }) => sequence)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
  });

  it('takes late answers, and clocks that run ahead, without losing work', async () => {
    const twoDays = 2 * 86_400_000;
    expect(await record(aBody({ at: Date.now() - twoDays }))).toMatchObject({ kind: 'recorded', sequence: 1 });
    expect(await record(aBody({ at: Date.now() + twoDays }))).toMatchObject({ kind: 'recorded', sequence: 2 });
    const [row] = await query<{ ahead: boolean }>(
      api.database.ownerUrl,
      `SELECT device_at > received_at AS ahead FROM responses ORDER BY received_at DESC LIMIT 1`,
    );
    expect(row!.ahead).toBe(true);
  });

  it('marks by the version that was shown, and refuses one that never was', async () => {
    const activityId = await exerciseId('adding-0');
    const course = aCourse();
    const changed = course.activities.map((file) =>
      (file.head as { externalId: string }).externalId === 'adding-0'
        ? { ...file, head: { ...(file.head as object), key: { kind: 'choice', correct: 'no' } } }
        : file,
    );
    const importer = api.app.get(ImportCourse, { strict: false });
    expectOk(
      await importer.execute(dangerousSystemActor(school.institutionId), 'tests', { ...course, activities: changed }),
    );
    const answer = { kind: 'choice', option: 'no' } as const;
    expect(await record(aBody({ activityId, activityVersion: 1, answer }))).toMatchObject({ correct: false });
    expect(await record(aBody({ activityId, activityVersion: 2, answer }))).toMatchObject({ correct: true });
    expect(await record(aBody({ activityId, activityVersion: 9, answer }))).toMatchObject({ code: 'UNKNOWN_VERSION' });
  });

  it('takes an answer to a version that names a skill the course has no longer', async () => {
    const importer = api.app.get(ImportCourse, { strict: false });
    const system = dangerousSystemActor(school.institutionId);
    const course = aCourse();
    const skills = course.skills as object[];
    const lasting = { externalId: 'fleeting', name: 'Fleeting', description: 'Soon gone.', prerequisites: [] };
    const activities = course.activities.map((file) =>
      (file.head as { externalId: string }).externalId === 'adding-1'
        ? { ...file, head: { ...(file.head as object), skills: ['adding', 'fleeting'] } }
        : file,
    );
    const activityId = await exerciseId('adding-1');
    const versionNow = async (): Promise<number> => {
      const sql = 'SELECT version FROM activities WHERE id = $1';
      return (await query<{ version: number }>(api.database.ownerUrl, sql, [activityId]))[0]!.version;
    };
    expectOk(await importer.execute(system, 'tests', { ...course, skills: [...skills, lasting], activities }));
    const activityVersion = await versionNow();
    expectOk(await importer.execute(system, 'tests', course));
    expect(await versionNow()).toBe(activityVersion + 1);
    const recorded = await record(aBody({ activityId, activityVersion, answer: { kind: 'choice', option: 'no' } }));
    expect(recorded).toMatchObject({ kind: 'recorded', correct: false, mastery: [{}] });
  });

  it('lets nobody but a trusted service say what is correct, and nobody where Attune marks', async () => {
    expect(await record(aBody({ correct: true }))).toMatchObject({ code: 'NOT_GRADED_BY_CLIENT' });
    const system = dangerousSystemActor(school.institutionId);
    const { secret, key } = expectOk(
      await api.app.get(ManageApiKeys, { strict: false }).create(system, { name: 'App', expiresAt: null }),
    );
    const { accessToken } = expectOk(
      await api.app.get(ExchangeApiKey, { strict: false }).execute(secret, { address: 'test' }),
    );
    expectOk(
      await api.app
        .get(ManageEnrolments, { strict: false })
        .enrol(system, { courseId: school.courseId, userId: key.userId, role: 'learner' }),
    );
    const service = await connect(api.url, '/learn', accessToken);
    const session = await mustAsk(service, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    const body = aBody({
      sessionId: session.sessionId,
      activityId: await exerciseId('counting-0'),
      answer: { kind: 'choice', option: 'no' },
      correct: true,
    });
    expect(await ask(service, '/learn', 'response.record', body)).toMatchObject({ code: 'NOT_GRADED_BY_CLIENT' });
    service.close();
  });

  it('refuses what does not fit, and stores nothing of it', async () => {
    const activityId = await exerciseId('counting-0');
    const refusals: [Body, string][] = [
      [aBody({ sessionId: newId() }), 'NOT_FOUND'],
      [aBody({ activityId: newId() }), 'NOT_FOUND'],
      [aBody({ activityId, answer: { kind: 'number', value: 1 } }), 'WRONG_ANSWER_KIND'],
      [aBody({ durationMs: -1 }), 'INVALID_INPUT'],
      [aBody({ id: 'mine' }), 'INVALID_INPUT'],
    ];
    for (const [body, code] of refusals) expect(await record(body)).toMatchObject({ kind: 'failure', code });
    expect(await stored()).toEqual([]);
  });

  it('ends with the session, and with the enrolment', async () => {
    await mustAsk(socket, '/learn', 'session.close', { sessionId: opened.sessionId });
    expect(await record(aBody())).toMatchObject({ code: 'SESSION_CLOSED' });
    opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    expect(await record(aBody())).toMatchObject({ kind: 'recorded' });
    const system = dangerousSystemActor(school.institutionId);
    const enrolments = api.app.get(ManageEnrolments, { strict: false });
    expectOk(await enrolments.end(system, { courseId: school.courseId, userId: learner.id }));
    expect(await record(aBody())).toMatchObject({ code: 'FORBIDDEN' });
  });

  it('never shows a key, a hint or feedback before it is due', async () => {
    const recorded = await mustAsk(
      socket,
      '/learn',
      'response.record',
      aBody({ activityId: await exerciseId('counting-0'), answer: { kind: 'choice', option: 'maybe' } }),
    );
    expect(recorded.feedback).toBe('Decide!');
    const shown = JSON.stringify([opened, recorded.recommended]);
    for (const secret of ['Look closer.', 'Well done.', 'Decide!', '"correct"', 'misconception', '"key"'])
      expect(shown).not.toContain(secret);
  });
});
