import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { learnerStream } from '#libs/kernel';
import { dangerousSystemActor } from '#libs/identity';
import { ManageEnrolments } from '#libs/learning';
import { ask, connect, graphql, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { closed, Device, eventually } from '../support/device.js';
import { query } from '../support/postgres-client.js';
import { setAssignment } from '../support/work.js';
import { foundSchool, type Person, type School } from '../support/school.js';

/** Seconds that a token lives in these tests. */
const life = 5;

describe('an open socket', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi({
      ACCESS_TOKEN_SECONDS: String(life),
      SOCKET_SWEEP_SECONDS: '300',
      ALLOWED_ORIGINS: 'https://school.example, https://other.example',
    });
    school = await foundSchool(api.app, 'open-sockets');
  }, 60_000);
  afterAll(() => api?.close());

  async function renew(learner: Person): Promise<{ accessToken: string; refreshToken: string }> {
    const document = `mutation ($token: String!) {
      renewTokens(refreshToken: $token) { ... on Tokens { accessToken refreshToken } }
    }`;
    const answer = await graphql(api.url, document, { variables: { token: learner.refreshToken } });
    return answer.data!['renewTokens'] as { accessToken: string; refreshToken: string };
  }

  async function signInAgain({ email, password }: Person): Promise<string> {
    const document = `mutation ($input: SignInInput!) { signIn(input: $input) { ... on Tokens { accessToken } } }`;
    const variables = { input: { institution: school.slug, email, password } };
    const answer = await graphql(api.url, document, { variables });
    return (answer.data!['signIn'] as { accessToken: string }).accessToken;
  }

  describe('whose token ends', () => {
    it('is warned, takes a renewed token, and goes on acting', async () => {
      const learner = await school.join('student', 'learner');
      const device = await Device.connect(api.url, learner.token);
      await device.openSession(school.courseId);
      const warned = await device.hears('token.expiring', life * 1000);
      const expiresAt = Date.parse((warned.payload as { expiresAt: string }).expiresAt);
      expect(expiresAt).toBeGreaterThan(Date.now());
      const { accessToken } = await renew(learner);
      const renewed = await mustAsk(device.socket, '/learn', 'token.renew', { accessToken });
      expect(Date.parse(renewed.expiresAt)).toBeGreaterThan(expiresAt);
      await sleep(expiresAt - Date.now() + 200);
      expect(await device.respond()).toMatchObject({ kind: 'recorded', sequence: 1 });
      device.close();
    });

    it('is closed at that moment, and nothing is acted on after it', async () => {
      const learner = await school.join('student', 'learner');
      const device = await Device.connect(api.url, learner.token);
      await device.openSession(school.courseId);
      const warned = await device.hears('token.expiring', life * 1000);
      const expiresAt = Date.parse((warned.payload as { expiresAt: string }).expiresAt);
      const gone = closed(device.socket, life * 1000);
      while (device.socket.connected) {
        device.socket.emit('response.record', device.nextResponse());
        await sleep(20);
      }
      await gone;
      expect(device.heard.at(-1)).toMatchObject({ type: 'connection.refused', payload: { code: 'UNAUTHENTICATED' } });
      const [stored] = await query<{ latest: Date | null }>(
        api.database.ownerUrl,
        'SELECT max(r.device_at) AS latest FROM responses r JOIN users u USING (pseudonym) WHERE u.id = $1',
        [learner.id],
      );
      expect(stored!.latest).not.toBeNull();
      expect(stored!.latest!.getTime()).toBeLessThanOrEqual(expiresAt);
      await expect(connect(api.url, '/learn', learner.token)).rejects.toThrow('UNAUTHENTICATED');
    });

    it('does not take a token of somebody else, nor one whose sign-in has ended', async () => {
      const learner = await school.join('student', 'learner');
      const other = await school.join('student', 'learner');
      const device = await Device.connect(api.url, learner.token);
      expect(await ask(device.socket, '/learn', 'token.renew', { accessToken: other.token })).toMatchObject({
        code: 'FORBIDDEN',
      });
      const ended = await signInAgain(learner);
      await graphql(api.url, 'mutation { signOut { __typename } }', { token: ended });
      expect(await ask(device.socket, '/learn', 'token.renew', { accessToken: ended })).toMatchObject({
        code: 'UNAUTHENTICATED',
      });
      await device.openSession(school.courseId);
      expect(await device.respond()).toMatchObject({ kind: 'recorded' });
      device.close();
    });
  });

  describe('whose sign-in ends', () => {
    it('is closed at once, and the sockets of other sign-ins stay', async () => {
      const learner = await school.join('student', 'learner');
      const here = await Device.connect(api.url, learner.token);
      const elsewhere = await Device.connect(api.url, await signInAgain(learner));
      const gone = closed(here.socket);
      await graphql(api.url, 'mutation { signOut { __typename } }', { token: learner.token });
      await gone;
      expect(here.heard.at(-1)).toMatchObject({ type: 'connection.refused', payload: { code: 'UNAUTHENTICATED' } });
      await expect(connect(api.url, '/learn', learner.token)).rejects.toThrow('UNAUTHENTICATED');
      await elsewhere.openSession(school.courseId);
      elsewhere.close();
    });

    it('is closed with all others when the learner signs out everywhere', async () => {
      const learner = await school.join('student', 'learner');
      const devices = [
        await Device.connect(api.url, learner.token),
        await Device.connect(api.url, await signInAgain(learner)),
      ];
      const gone = Promise.all(devices.map(({ socket }) => closed(socket)));
      await graphql(api.url, 'mutation { signOut(everywhere: true) { __typename } }', { token: learner.token });
      await gone;
    });
  });

  it('of a learner who has left the course acts in it no more', async () => {
    const learner = await school.join('student', 'learner');
    const device = await Device.connect(api.url, learner.token);
    const { socket } = device;
    await device.openSession(school.courseId);
    const { id, sessionId, activityId, at, ...response } = device.nextResponse();
    const assignmentId = await setAssignment(api.url, {
      ...school,
      teacher: { ...school.teacher, token: await signInAgain(school.teacher) },
    });
    const interventionId = newId();
    await query(
      api.database.ownerUrl,
      `INSERT INTO interventions (institution_id, id, learner_id, course_id, session_id, trigger, activity_id,
         activity_version, reason, sequence, offered_at)
       VALUES ($1, $2, $3, $4, $5, 'confused', $6, 1, '{}', 0, now())`,
      [school.institutionId, interventionId, learner.id, school.courseId, sessionId, activityId],
    );
    await api.app
      .get(ManageEnrolments, { strict: false })
      .end(dangerousSystemActor(school.institutionId), { courseId: school.courseId, userId: learner.id });
    const attempts = [
      ask(socket, '/learn', 'session.open', { id: newId(), courseId: school.courseId, at }),
      ask(socket, '/learn', 'response.record', { id, sessionId, activityId, at, ...response }),
      ask(socket, '/learn', 'interaction.record', { id: newId(), sessionId, kind: 'went-idle', at }),
      ask(socket, '/learn', 'hint.request', { id: newId(), sessionId, activityId, at }),
      ask(socket, '/learn', 'offer.react', { interventionId, reaction: 'accepted', at }),
    ];
    for (const attempt of attempts) expect(await attempt).toMatchObject({ code: 'FORBIDDEN' });
    // Who is not in the course does not even learn that there is such an assignment.
    expect(await ask(socket, '/learn', 'work.submit', { id: newId(), assignmentId, marks: [], at })).toMatchObject({
      code: 'NOT_FOUND',
    });
    const next = 'query ($id: UUID!) { nextActivity(sessionId: $id) { decisionId } }';
    expect(await graphql(api.url, next, { token: learner.token, variables: { id: sessionId } })).toMatchObject({
      errors: [{ extensions: { code: 'FORBIDDEN' } }],
    });
    const [stored] = await query<{ number: number }>(
      api.database.ownerUrl,
      'SELECT count(*)::int AS number FROM responses WHERE session_id = $1',
      [sessionId],
    );
    expect(stored!.number).toBe(0);
    device.close();
  });

  it('that was away hears what it missed, once', async () => {
    const learner = await school.join('student', 'learner');
    const steady = await Device.connect(api.url, learner.token);
    const shaky = await Device.connect(api.url, learner.token);
    await steady.openSession(school.courseId);
    await steady.respond();
    const { cursor } = await steady.catchUp(null);
    await shaky.hearsNumber(cursor);
    shaky.close();
    for (let turn = 0; turn < 3; turn++) await steady.respond();
    const back = await Device.connect(api.url, learner.token);
    await steady.respond();
    const missed = await back.catchUp(shaky.sequences.at(-1)!);
    await steady.respond();
    const last = (await steady.catchUp(null)).cursor;
    await back.hearsNumber(last);
    expect(shaky.sequences.concat(missed.sequences)).toEqual(upTo(missed.cursor));
    expect([...new Set([...shaky.sequences, ...missed.sequences, ...back.sequences])]).toEqual(upTo(last));
    expect(back.sequences).toEqual([...new Set(back.sequences)]);
    for (const device of [steady, back]) device.close();
  });

  it('catches up on an event with the same words as were said when it happened', async () => {
    const learner = await school.join('student', 'learner');
    const device = await Device.connect(api.url, learner.token);
    await device.openSession(school.courseId);
    await device.respond();
    const { cursor, events } = await device.catchUp(0);
    await device.hearsNumber(cursor);
    expect(events.map(({ type }) => type)).toContain('response.recorded');
    expect(events.map(({ type, payload }) => ({ type, payload }))).toEqual(device.heard);
    device.close();
  });

  it('is told when it was away for longer than events are kept', async () => {
    const learner = await school.join('student', 'learner');
    const device = await Device.connect(api.url, learner.token);
    await device.openSession(school.courseId);
    for (let turn = 0; turn < 3; turn++) await device.respond();
    const { cursor } = await device.catchUp(null);
    const forget = (number: number) =>
      query(api.database.ownerUrl, 'DELETE FROM events WHERE stream = $1 AND sequence <= $2', [
        learnerStream(learner.id),
        number,
      ]);
    expect(await device.catchUp(0)).toMatchObject({ cursor, missing: false });

    await forget(2);
    const [, , ...kept] = upTo(cursor);
    expect(await device.catchUp(0)).toMatchObject({ cursor, sequences: kept, missing: true });
    expect(await device.catchUp(1)).toMatchObject({ missing: true });
    expect(await device.catchUp(2)).toMatchObject({ cursor, sequences: kept, missing: false });

    await forget(cursor);
    expect(await device.catchUp(1)).toEqual({ cursor, sequences: [], events: [], missing: true });
    expect(await device.catchUp(cursor)).toEqual({ cursor, sequences: [], events: [], missing: false });
    device.close();
  });

  describe('from the page of a web origin', () => {
    const tryFrom = (origin: string, token: string): Promise<string> =>
      new Promise((resolve) => {
        const socket = io(`${api.url}/learn`, {
          auth: { token },
          transports: ['websocket'],
          forceNew: true,
          reconnection: false,
          extraHeaders: { origin },
        });
        socket.once('connect', () => {
          socket.close();
          resolve('connected');
        });
        socket.once('connect_error', () => resolve('refused'));
      });

    it('is let in where the origin is listed or the API’s own, and nowhere else', async () => {
      const { token } = await school.join('student', 'learner');
      expect(await tryFrom('https://school.example', token)).toBe('connected');
      expect(await tryFrom('https://other.example', token)).toBe('connected');
      expect(await tryFrom(api.url, token)).toBe('connected');
      for (const origin of ['https://evil.example', 'https://school.example.evil.example', 'http://school.example']) {
        expect(await tryFrom(origin, token), origin).toBe('refused');
      }
      expect(await tryFrom('null', token)).toBe('refused');
    });

    it('meets the same rule over HTTP', async () => {
      const allowed = async (origin: string): Promise<string | null> => {
        const response = await fetch(`${api.url}/graphql`, {
          method: 'OPTIONS',
          headers: {
            origin,
            'access-control-request-method': 'POST',
            'access-control-request-headers': 'content-type',
          },
        });
        return response.headers.get('access-control-allow-origin');
      };
      expect(await allowed('https://school.example')).toBe('https://school.example');
      expect(await allowed('https://evil.example')).toBeNull();
    });
  });

  it('may be one of many, but not of too many', async () => {
    const { token } = await school.join('student', 'learner');
    const tries = await Promise.allSettled(Array.from({ length: 30 }, () => connect(api.url, '/learn', token)));
    const sockets = tries.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
    expect(sockets).toHaveLength(20);
    await expect(connect(api.url, '/learn', token)).rejects.toThrow('RATE_LIMITED');
    sockets[0]!.close();
    await eventually(async () => {
      const socket = await connect(api.url, '/learn', token).catch(() => null);
      socket?.close();
      return socket !== null;
    });
    for (const socket of sockets) socket.close();
  });
});

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, index) => index + 1);
}
