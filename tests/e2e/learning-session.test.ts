import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, mustAsk, ask, newId, startTestApi, graphql, type TestApi } from '../support/api.js';
import { foundSchool, type School, type Person } from '../support/school.js';
import { rightOption } from '../support/course.js';
import { query } from '../support/postgres-client.js';

describe('a learning session over a socket', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'session-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(() => api?.close());

  it('recommends, records, updates mastery and recommends again for a reason', async () => {
    const socket = await connect(api.url, '/learn', learner.token);
    const opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    expect(opened.mastery).toHaveLength(4);
    let recommended = opened.recommended!;
    expect(recommended.because).toMatch(/\w+/);
    const seen: string[] = [];
    for (let i = 0; i < 12; i++) {
      seen.push(recommended.activity.activityId);
      const asks = recommended.activity.form.kind !== 'none';
      const recorded = await mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId: opened.sessionId,
        activityId: recommended.activity.activityId,
        activityVersion: recommended.activity.version,
        answer: asks ? { kind: 'choice', option: rightOption } : { kind: 'done' },
        durationMs: 20_000,
        at: Date.now(),
      });
      expect(recorded.sequence).toBe(i + 1);
      expect(recorded.correct).toBe(asks ? true : null);
      for (const { before, after } of recorded.mastery) expect(after).toBeGreaterThanOrEqual(before);
      recommended = recorded.recommended!;
    }
    expect(new Set(seen).size).toBeGreaterThan(8);
    socket.close();
  });

  it('gives the same answer to a resend and a conflict to another body', async () => {
    const socket = await connect(api.url, '/learn', learner.token);
    const opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    const { activity } = opened.recommended!;
    const body = {
      id: newId(),
      sessionId: opened.sessionId,
      activityId: activity.activityId,
      activityVersion: activity.version,
      answer: activity.form.kind === 'none' ? ({ kind: 'done' } as const) : ({ kind: 'choice', option: 'no' } as const),
      durationMs: 1_000,
      at: Date.now(),
    };
    const first = await mustAsk(socket, '/learn', 'response.record', body);
    const again = await mustAsk(socket, '/learn', 'response.record', body);
    expect(again).toMatchObject({
      resent: true,
      sequence: first.sequence,
      recommended: { decisionId: first.recommended!.decisionId },
    });
    expect(await ask(socket, '/learn', 'response.record', { ...body, durationMs: 2_000 })).toMatchObject({
      code: 'ID_REUSED',
    });
    socket.close();
  });

  it('offers help to a confused learner, who takes it and sees the material', async () => {
    const confused = await school.join('student', 'learner');
    const socket = await connect(api.url, '/learn', confused.token);
    const offers: object[] = [];
    socket.on('intervention.offered', (event: object) => offers.push(event));
    const { sessionId } = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: school.courseId,
      at: Date.now(),
    });
    const [row] = await query<{ id: string }>(
      api.database.ownerUrl,
      `SELECT id FROM activities WHERE external_id = 'counting-2' AND institution_id = $1`,
      [school.institutionId],
    );
    const activityId = row!.id;
    // Device time runs through a lesson in which she asks for hint after hint, is slow, and is wrong all the same.
    let at = Date.now() - 3_600_000;
    let offer = null;
    for (let turn = 0; turn < 6 && offer === null; turn++) {
      await mustAsk(socket, '/learn', 'interaction.record', {
        id: newId(),
        sessionId,
        kind: 'activity-shown',
        activityId,
        at,
      });
      for (let step = 1; step <= 3 && offer === null; step++) {
        at += 60_000;
        const hint = await mustAsk(socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at });
        expect(hint).toMatchObject({ step, steps: 3 });
        offer = hint.offer;
      }
      if (offer !== null) break;
      expect(await ask(socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at })).toMatchObject({
        code: 'NO_MORE_HINTS',
      });
      at += 60_000;
      const recorded = await mustAsk(socket, '/learn', 'response.record', {
        id: newId(),
        sessionId,
        activityId,
        activityVersion: 1,
        answer: { kind: 'choice', option: 'no' },
        durationMs: 240_000,
        at,
      });
      offer = recorded.offer;
    }
    expect(offer).toMatchObject({ trigger: 'confused', activity: { form: { kind: 'none' } } });
    const { interventionId } = offer!;
    const taken = await mustAsk(socket, '/learn', 'offer.react', { interventionId, reaction: 'accepted', at });
    expect(taken.activity!.activityId).toBe(offer!.activity!.activityId);
    expect(await mustAsk(socket, '/learn', 'offer.react', { interventionId, reaction: 'accepted', at })).toEqual(taken);
    expect(await ask(socket, '/learn', 'offer.react', { interventionId, reaction: 'dismissed', at })).toMatchObject({
      code: 'OFFER_ANSWERED',
    });
    expect(offers).toMatchObject([{ interventionId, sequence: expect.any(Number) }]);
    socket.close();
  });

  it('lists sessions, and the recommendation that stands, over GraphQL', async () => {
    const token = learner.token;
    const opened = await graphql(
      api.url,
      `
        mutation ($input: OpenSessionInput!) {
          openSession(input: $input) {
            ... on OpenedSession {
              sessionId
              recommended {
                decisionId
              }
            }
            ... on Refusal {
              code
            }
          }
        }
      `,
      { token, variables: { input: { id: newId(), courseId: school.courseId, at: new Date().toISOString() } } },
    );
    const { sessionId, recommended } = opened.data!['openSession'];
    const read = `query ($course: UUID!, $session: UUID!) {
      nextActivity(sessionId: $session) { decisionId because activity { title form { kind } } }
      session(id: $session) { closedAt }
      sessions(courseId: $course, first: 2) { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }
      mastery(courseId: $course) { name probability low high mastered } }`;
    const { data } = await graphql(api.url, read, {
      token,
      variables: { course: school.courseId, session: sessionId },
    });
    expect(data).toMatchObject({
      nextActivity: { decisionId: recommended.decisionId },
      session: { closedAt: null },
      sessions: { edges: [{ node: { id: sessionId } }, {}], pageInfo: { hasNextPage: true } },
    });
    const next = await graphql(
      api.url,
      `
        query ($course: UUID!, $after: String) {
          sessions(courseId: $course, first: 2, after: $after) {
            edges {
              node {
                id
              }
            }
          }
        }
      `,
      { token, variables: { course: school.courseId, after: data!['sessions'].pageInfo.endCursor } },
    );
    const ids = [...data!['sessions'].edges, ...next.data!['sessions'].edges].map(
      ({ node }: { node: { id: string } }) => node.id,
    );
    expect(new Set(ids).size).toBe(ids.length);
    const stranger = await school.join('student', 'learner');
    const hidden = await graphql(api.url, read, {
      token: stranger.token,
      variables: { course: school.courseId, session: sessionId },
    });
    expect(hidden.errors!.map(({ extensions }) => extensions.code)).toContain('NOT_FOUND');
  });

  it('says who is signed in', async () => {
    const answer = await graphql(api.url, '{ viewer { id roles } }', { token: learner.token });
    expect(answer).toMatchObject({ status: 200, data: { viewer: { id: learner.id, roles: ['student'] } } });
    expect(await graphql(api.url, '{ viewer { id } }')).toMatchObject({
      status: 401,
      errors: [{ extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });
});
