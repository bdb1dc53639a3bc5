import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { aCourse } from '../support/course.js';
import { foundSchool, type Person, type School } from '../support/school.js';

/** The smallest pool that holds more than one connection for the acts themselves: two, and two on the side. */
const poolSize = 4;
const callers = 12;

/**
 * More callers at once than the pool has connections. Whoever held one and asked for a second would wait for ever, and
 * everybody behind her until she gives up.
 */
describe('a small pool of connections', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;
  let socket: Socket;
  let sessionId: string;

  beforeAll(async () => {
    api = await startTestApi({ DATABASE_POOL_SIZE: String(poolSize) });
    school = await foundSchool(api.app, 'narrow-school', aCourse());
    learner = await school.join('student', 'learner');
    socket = await connect(api.url, '/learn', learner.token);
    sessionId = newId();
    await mustAsk(socket, '/learn', 'session.open', { id: sessionId, courseId: school.courseId, at: Date.now() });
  }, 60_000);
  afterAll(async () => {
    socket?.close();
    await api?.close();
  });

  const many = <T>(call: () => Promise<T>): Promise<T[]> => Promise.all(Array.from({ length: callers }, call));

  it('answers many resends of one response', async () => {
    const next = await graphql(
      api.url,
      'query ($id: UUID!) { nextActivity(sessionId: $id) { activity { activityId version form { kind } } } }',
      { token: learner.token, variables: { id: sessionId } },
    );
    const { activityId, version, form } = next.data!['nextActivity'].activity;
    const body = {
      id: newId(),
      sessionId,
      activityId,
      activityVersion: version,
      answer: form.kind === 'none' ? ({ kind: 'done' } as const) : ({ kind: 'choice', option: 'no' } as const),
      durationMs: 5_000,
      at: Date.now(),
    };
    const first = await mustAsk(socket, '/learn', 'response.record', body);
    const answers = await many(() => mustAsk(socket, '/learn', 'response.record', body));
    for (const answer of answers) expect(answer).toEqual({ ...first, resent: true });
  });

  it('answers many who look at their mastery', async () => {
    const answers = await many(() =>
      graphql(api.url, 'query ($id: UUID!) { mastery(courseId: $id) { name } }', {
        token: learner.token,
        variables: { id: school.courseId },
      }),
    );
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data!['mastery']).toHaveLength(4);
    }
  });

  it.each([
    ['the course first', 'course(id: $course) { title } nextActivity(sessionId: $session) { because }'],
    ['what comes next first', 'nextActivity(sessionId: $session) { because } course(id: $course) { title }'],
  ])('answers many who ask for several things at once: %s', async (_, fields) => {
    const answers = await many(() =>
      graphql(api.url, `query ($course: UUID!, $session: UUID!) { ${fields} }`, {
        token: learner.token,
        variables: { course: school.courseId, session: sessionId },
      }),
    );
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data).toEqual({
        course: { title: 'A small course' },
        nextActivity: { because: expect.stringMatching(/“\w+”/) },
      });
    }
  });

  it('answers many who read and then write in one operation', async () => {
    const answers = await many(() =>
      graphql(
        api.url,
        `
          mutation ($open: OpenSessionInput!, $id: UUID!) {
            first: openSession(input: $open) {
              ... on OpenedSession {
                sessionId
              }
              ... on Refusal {
                code
              }
            }
            reading: requestHint(input: { id: $id, sessionId: $id, activityId: $id, at: "2026-01-01T00:00:00Z" }) {
              ... on Refusal {
                code
              }
            }
            last: closeSession(sessionId: $id) {
              ... on Refusal {
                code
              }
            }
          }
        `,
        {
          token: learner.token,
          variables: {
            id: newId(),
            open: { id: newId(), courseId: school.courseId, at: new Date().toISOString() },
          },
        },
      ),
    );
    for (const { data, errors } of answers) {
      expect(errors).toBeUndefined();
      expect(data!['first'].sessionId).toEqual(expect.any(String));
      expect([data!['reading'].code, data!['last'].code]).toEqual(['NOT_FOUND', 'NOT_FOUND']);
    }
  });
});
