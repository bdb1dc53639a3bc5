import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { socketLimits, type Namespace } from '#libs/contracts';
import { failureCodes } from '#libs/kernel';
import { TokenService } from '#libs/security';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { allRequests, hostileBodies, sampleBody } from '../support/hostile.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';
import { storedIn } from '../support/stored.js';

type Reply = { kind: string; code?: string; message?: string };

describe('sockets in hostile hands', () => {
  let api: TestApi;
  let mine: School;
  let theirs: School;
  /** Who may connect to a namespace. */
  let tokens: Record<Namespace, string>;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi({ ALLOWED_ORIGINS: 'https://app.example' });
    mine = await foundSchool(api.app, 'my-school');
    theirs = await foundSchool(api.app, 'their-school');
    const learner = await mine.join('student', 'learner');
    tokens = { '/learn': learner.token, '/teach': mine.teacher.token };
  }, 60_000);
  afterEach(() => {
    for (const socket of sockets.splice(0)) socket.close();
  });
  afterAll(() => api?.close());

  async function open(namespace: Namespace, token = tokens[namespace]): Promise<Socket> {
    const socket = await connect(api.url, namespace, token);
    sockets.push(socket);
    return socket;
  }

  /** Asks by name; waits where the limits of a socket ask for it. */
  async function send(socket: Socket, name: string, ...parts: unknown[]): Promise<Reply> {
    for (;;) {
      const reply = (await socket.timeout(10_000).emitWithAck(name, ...parts)) as Reply;
      if (reply.code !== 'RATE_LIMITED') return reply;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Opens a socket and reports why not. */
  async function refusalOf(options: object, namespace = '/learn'): Promise<string> {
    const socket = io(api.url + namespace, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      ...options,
    });
    sockets.push(socket);
    return new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'));
      socket.io.once('close', () => setTimeout(() => resolve('closed')));
      socket.once('connect_error', (error: Error & { data?: { code: string } }) =>
        resolve(error.data?.code ?? error.message),
      );
    });
  }

  const titled = allRequests.map((request) => [`${request.namespace} ${request.name}`, request] as const);

  it.each(titled)(
    '%s: refuses every malformed body, and stores nothing',
    async (_, request) => {
      const before = await storedIn(api.database.ownerUrl);
      const socket = await open(request.namespace);
      for (const body of hostileBodies(request)) {
        const reply = await send(socket, request.name, ...(body === undefined ? [] : [body]));
        const arrived: unknown = body === undefined ? undefined : JSON.parse(JSON.stringify(body));
        const where = JSON.stringify(body)?.slice(0, 200);
        if (!request.schema.safeParse(arrived).success) {
          expect(reply, where).toMatchObject({ kind: 'failure', code: 'INVALID_INPUT' });
        } else if (reply.kind === 'failure') {
          expect(Object.keys(failureCodes), where).toContain(reply.code);
          expect(reply.code, where).not.toBe('INTERNAL');
        }
        expect(reply.message?.length ?? 0).toBeLessThan(2_000);
      }
      expect(await storedIn(api.database.ownerUrl)).toEqual(before);
    },
    60_000,
  );

  it.each(titled)('%s: refuses a message that is too large', async (_, request) => {
    const socket = await open(request.namespace);
    const padding = 'x'.repeat(socketLimits.messageBytes);
    expect(await send(socket, request.name, { ...sampleBody(request), padding })).toMatchObject({ code: 'TOO_LARGE' });
    socket.emit(request.name, { padding: padding.repeat(5) });
    await expect.poll(() => socket.connected).toBe(false);
  });

  it.each(titled)('%s: does nothing on things of another institution', async (_, request) => {
    const foreign = await idsOf(theirs);
    const before = await storedIn(api.database.ownerUrl);
    const socket = await open(request.namespace);
    const reply = await send(socket, request.name, sampleBody(request, foreign));
    // Where a body names nothing that belongs to somebody, there is only one's own to act on.
    if (reply.kind === 'failure') expect(['NOT_FOUND', 'FORBIDDEN']).toContain(reply.code);
    else expect(JSON.stringify({ ...reply, courseId: undefined })).not.toContain(theirs.courseId);
    expect(await storedIn(api.database.ownerUrl)).toEqual(before);
  });

  it.each(titled)('%s: minds neither a missing acknowledgement nor more parts than one', async (_, request) => {
    const before = await storedIn(api.database.ownerUrl);
    const socket = await open(request.namespace);
    socket.emit(request.name);
    socket.emit(request.name, { nonsense: true });
    socket.emit(request.name, Buffer.from('binary'));
    expect(await send(socket, request.name, sampleBody(request), 'more')).toMatchObject({ code: 'UNKNOWN_OPERATION' });
    expect(await send(socket, request.name, Buffer.from('binary'))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(socket.connected).toBe(true);
    expect(await storedIn(api.database.ownerUrl)).toEqual(before);
  });

  const namespaces = Object.keys({ '/learn': 1, '/teach': 1 } satisfies Record<Namespace, 1>) as Namespace[];

  it.each(namespaces)('%s: knows no request but those of the map', async (namespace) => {
    const socket = await open(namespace);
    const names = ['', 'nonsense', '__proto__', 'constructor', 'toString', 'hasOwnProperty', 'x'.repeat(10_000)];
    for (const name of names) expect(await send(socket, name, {})).toMatchObject({ code: 'UNKNOWN_OPERATION' });
    expect(await refusalOf({ auth: { token: tokens[namespace] } }, '/nonsense')).toBe('Invalid namespace');
  });

  it.each(namespaces)('%s: lets nobody in without a token that stands', async (namespace) => {
    const service = api.app.get(TokenService, { strict: false });
    const right = tokens[namespace];
    const actor = await service.verify(right);
    if (actor.kind === 'failure') throw new Error(actor.message);
    const expired = await service.issue({ ...actor, expiresAt: Math.floor(Date.now() / 1000) - 1 });
    const [head, claims, signature] = right.split('.') as [string, string, string];
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
    const forged = `${head}.${Buffer.from(JSON.stringify({ ...actor, rol: ['admin'] })).toString('base64url')}.${signature}`;
    const bad = [
      undefined,
      null,
      '',
      'x',
      7,
      {},
      [right],
      `${none}.${claims}.`,
      forged,
      expired,
      `${right}x`,
      'x'.repeat(9_000),
    ];
    for (const token of bad) {
      expect(await refusalOf({ auth: { token } }, namespace), String(token).slice(0, 60)).toBe('UNAUTHENTICATED');
    }
    expect(await refusalOf({ auth: 'nonsense' }, namespace), 'no packet of the protocol').toBe('closed');
    expect(await refusalOf({ auth: { token: right } }, namespace)).toBe('connected');
  });

  it.each(namespaces)('%s: admits no origin that is not on the list', async (namespace) => {
    const from = (origin: string) => ({ auth: { token: tokens[namespace] }, extraHeaders: { origin } });
    expect(await refusalOf(from('https://evil.example'), namespace)).toBe('websocket error');
    expect(await refusalOf(from('null'), namespace)).toBe('websocket error');
    expect(await refusalOf(from('https://app.example'), namespace)).toBe('connected');
  });

  it.each(namespaces)('%s: slows down who asks too much, and closes who goes on', async (namespace) => {
    const socket = await open(namespace);
    const refusals: string[] = [];
    socket.on('connection.refused', ({ code }: { code: string }) => refusals.push(code));
    const request = { ...allRequests.find((one) => one.namespace === namespace && one.name === 'events.catch-up')! };
    const replies: Reply[] = [];
    for (let i = 0; i < socketLimits.burst + socketLimits.strikes * 2; i++) {
      socket.emit(request.name, { nonsense: i }, (reply: Reply) => replies.push(reply));
    }
    await expect.poll(() => socket.connected).toBe(false);
    expect(replies.some(({ code }) => code === 'RATE_LIMITED')).toBe(true);
    expect(replies.filter(({ code }) => code !== 'RATE_LIMITED').length).toBeLessThanOrEqual(socketLimits.burst + 20);
    expect(refusals).toEqual(['RATE_LIMITED']);
  });

  it('allows one user so many sockets and no more', async () => {
    const { token } = await mine.join('student', 'learner');
    for (let i = 0; i < socketLimits.socketsPerUser; i++) await open('/learn', token);
    expect(await refusalOf({ auth: { token } })).toBe('RATE_LIMITED');
  });

  it('survives packets that are none', async () => {
    for (const packet of [
      '42["session.open",',
      '4',
      '9',
      '2',
      '41',
      '45-["x"]',
      '451-["x",{"_placeholder":true,"num":7}]',
    ]) {
      const socket = await open('/learn');
      (socket.io.engine as unknown as { write(text: string): void }).write(packet);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });

  it('teaches on as if nothing had happened', async () => {
    const socket = await open('/learn', (await mine.join('student', 'learner')).token);
    const opened = await mustAsk(socket, '/learn', 'session.open', {
      id: newId(),
      courseId: mine.courseId,
      at: Date.now(),
    });
    expect(opened.recommended).not.toBeNull();
    expect(({} as { polluted?: boolean }).polluted, 'a prototype that everybody shares').toBeUndefined();
    expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
  });

  /** Ids of things that exist in a school, by the name of the field that they go into. */
  async function idsOf(school: School): Promise<Record<string, string>> {
    const learner = await school.join('student', 'learner');
    const socket = await open('/learn', learner.token);
    const sessionId = newId();
    const { recommended } = await mustAsk(socket, '/learn', 'session.open', {
      id: sessionId,
      courseId: school.courseId,
      at: Date.now(),
    });
    const assignments = await query<{ id: string }>(
      api.database.ownerUrl,
      'SELECT id FROM assignments WHERE course_id = $1 LIMIT 1',
      [school.courseId],
    );
    return {
      courseId: school.courseId,
      sessionId,
      activityId: recommended!.activity.activityId,
      accessToken: learner.token,
      ...(assignments[0] && { assignmentId: assignments[0].id }),
    };
  }
});
