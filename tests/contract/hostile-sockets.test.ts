import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventMap, socketLimits, type Namespace } from '#libs/contracts';
import { failureCodes } from '#libs/kernel';
import { TokenService } from '#libs/security';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { allRequests, hostileBodies, sampleBody, type AnyRequest } from '../support/hostile.js';
import { idsOf, type Ids } from '../support/hostile-ids.js';
import type { Person } from '../support/school.js';
import { foundSizedSchool, type SizedSchool } from '../support/sized-school.js';
import { storedIn } from '../support/stored.js';

/** What a learner may ask with ids of a classmate, each with the reason. */
const openToClassmates: Record<string, string> = {
  'session.open': 'it names only the course that they share, and opens a session of her own',
  'events.catch-up': 'it names nothing: she reads her own stream',
};

type Reply = { kind: string; code?: string; message?: string };

describe('sockets in hostile hands', () => {
  let api: TestApi;
  let mine: SizedSchool;
  let theirs: SizedSchool;
  /** Who may connect to a namespace. */
  let tokens: Record<Namespace, string>;
  const sockets: Socket[] = [];

  beforeAll(async () => {
    api = await startTestApi({ ALLOWED_ORIGINS: 'https://app.example' });
    mine = await foundSizedSchool(api, 'my-school', 2);
    theirs = await foundSizedSchool(api, 'their-school', 2);
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

  describe('with ids of what is somebody else’s', () => {
    let mate: Person;
    let stranger: Person;
    let hers: Ids;
    let foreign: Ids;

    beforeAll(async () => {
      mate = await mine.join('student', 'learner');
      // Teaches, but another course than the one whose ids are tried.
      stranger = await mine.join('teacher', null);
      [hers, foreign] = [await socketIdsOf(mine), await socketIdsOf(theirs)];
    }, 60_000);

    /** Tries a request; it must be refused, and change nothing of what the ids name. */
    const mustRefuse = async (request: AnyRequest, token: string, ids: Ids, advice = ''): Promise<void> => {
      const before = await storedIn(api.database.ownerUrl);
      const socket = await open(request.namespace, token);
      const reply = await send(socket, request.name, sampleBody(request, ids));
      const refused = `${request.name} must be refused${advice && ` (${advice})`}: ${JSON.stringify(reply)}`;
      expect(['NOT_FOUND', 'FORBIDDEN'], refused).toContain(reply.code);
      expect(await storedIn(api.database.ownerUrl)).toEqual(before);
    };

    const namesNothing = ({ namespace, name }: AnyRequest): boolean =>
      namespace === '/learn' && name === 'events.catch-up';

    it.each(titled)('%s: is refused with those of another institution', async (_, request) => {
      if (namesNothing(request)) {
        const socket = await open(request.namespace);
        expect(await send(socket, request.name, sampleBody(request, foreign))).toMatchObject({ events: [] });
        return;
      }
      await mustRefuse(request, tokens[request.namespace], foreign);
    });

    const ofLearners = titled.filter(([, { namespace }]) => namespace === '/learn');

    it.each(ofLearners.filter(([, { name }]) => !(name in openToClassmates)))(
      '%s: is refused with those of a classmate',
      async (_, request) =>
        mustRefuse(
          request,
          mate.token,
          hers,
          'ask `roleIn` and whose it is in the use case; or, where a classmate may ask, say why in `openToClassmates`',
        ),
    );

    it('lists nothing as open to classmates that is not asked', () => {
      expect(ofLearners.map(([, { name }]) => name)).toEqual(expect.arrayContaining(Object.keys(openToClassmates)));
    });

    it.each(titled.filter(([, request]) => !namesNothing(request)))(
      '%s: is refused to a teacher of another course',
      async (_, request) => mustRefuse(request, stranger.token, hers),
    );

    it('keeps a classmate out of the teachers’ namespace', async () => {
      expect(await refusalOf({ auth: { token: mate.token } }, '/teach')).toBe('FORBIDDEN');
    });

    it.each(titled)('%s: is understood with one’s own', async (_, request) => {
      const token = request.namespace === '/learn' ? mine.learner.token : mine.teacher.token;
      const socket = await open(request.namespace, token);
      const own = { ...hers, accessToken: token };
      const reply = await send(socket, request.name, sampleBody(request, own));
      // What the sample says of an answer or a criterion may still be wrong.
      expect(['INVALID_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'INTERNAL'], JSON.stringify(reply)).not.toContain(reply.code);
    });
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

  const namespaces = Object.keys(eventMap) as Namespace[];

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
    expect(refusals).toEqual(['RATE_LIMITED']);
  });

  it('allows one user so many sockets and no more', async () => {
    const { token } = await mine.join('student', 'learner');
    for (let i = 0; i < socketLimits.socketsPerUser; i++) await open('/learn', token);
    expect(await refusalOf({ auth: { token } })).toBe('RATE_LIMITED');
  });

  /** Writes packets as they go over the wire, without the checks of a client library. */
  const write = (socket: Socket, ...packets: (string | Buffer)[]): void => {
    const engine = socket.io.engine as unknown as { write(packet: string | Buffer): void };
    for (const packet of packets) engine.write(packet);
  };

  /** The acknowledgement with a number, as it comes over the wire. */
  const acknowledged = (socket: Socket, number: number): Promise<Reply> =>
    new Promise((resolve) => {
      const start = `3/learn,${number}`;
      socket.io.engine.on('data', (data: unknown) => {
        if (typeof data === 'string' && data.startsWith(`${start}[`))
          resolve(JSON.parse(data.slice(start.length))[0] as Reply);
      });
    });

  it.each(['5', '-1', '1.5', '1e308', '"error"', '"message"', '"disconnected"'])(
    'answers a request whose name is %s like any that it does not know',
    async (name) => {
      const socket = await open('/learn');
      write(socket, `2/learn,[${name}]`, `2/learn,[${name},{}]`);
      const answer = acknowledged(socket, 7);
      write(socket, `2/learn,7[${name},{"id":1}]`);
      expect(await answer).toMatchObject({ code: 'UNKNOWN_OPERATION' });
      expect(socket.connected).toBe(true);
    },
  );

  it.each([
    ['no JSON', ['2/learn,["session.open",']],
    ['a name that is an object', ['2/learn,[{}]']],
    ['a name that is null', ['2/learn,[null]']],
    ['a name of the library', ['2/learn,["disconnecting"]']],
    ['an unknown kind', ['9/learn,["x"]']],
    ['a kind that only servers send', ['4/learn,"x"']],
    ['attachments without a number', ['5-/learn,["x"]']],
    ['more attachments than anybody sends', ['5999999999-/learn,["x"]']],
    ['a place for an attachment that is not there', ['51-/learn,["x",{"_placeholder":true,"num":7}]', Buffer.alloc(1)]],
    ['an attachment that belongs to nothing', [Buffer.alloc(10)]],
    ['text where an attachment was promised', ['51-/learn,["x",{"_placeholder":true,"num":0}]', '2/learn,["x"]']],
  ] as [string, (string | Buffer)[]][])('closes a connection that sends %s, and no other', async (_, packets) => {
    const [socket, witness] = [await open('/learn'), await open('/learn')];
    write(socket, ...packets);
    await expect.poll(() => socket.connected).toBe(false);
    expect(await send(witness, 'events.catch-up', { after: 0 })).toMatchObject({ kind: 'caught-up' });
  });

  it.each([
    '1',
    '2/learn,',
    '2/learn,7',
    '3/learn,1[]',
    '3/learn,99["answer"]',
    '61-/learn,1[{"_placeholder":true,"num":0}]',
  ])('minds no packet %s that asks for nothing', async (packet) => {
    const [socket, witness] = [await open('/learn'), await open('/learn')];
    write(socket, packet, ...(packet.startsWith('6') ? [Buffer.alloc(4)] : []));
    expect(await send(witness, 'events.catch-up', { after: 0 })).toMatchObject({ kind: 'caught-up' });
  });

  it('counts attachments to the size of a message', async () => {
    const socket = await open('/learn');
    const answer = acknowledged(socket, 8);
    const places = [0, 1].map((num) => ({ _placeholder: true, num }));
    write(socket, `52-/learn,8["session.open",${JSON.stringify(places)}]`);
    write(socket, Buffer.alloc(socketLimits.messageBytes), Buffer.alloc(1));
    expect(await answer).toMatchObject({ code: 'TOO_LARGE' });
  });

  it('lets nobody into the namespace that has no door', async () => {
    expect(await refusalOf({ auth: { token: tokens['/learn'] } }, '/')).toBe('Invalid namespace');
    expect(await refusalOf({}, '/')).toBe('Invalid namespace');
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

  /** Ids of what there is in a school, by the names under which requests ask for it. */
  async function socketIdsOf(school: SizedSchool): Promise<Ids> {
    const ids = await idsOf(api, school);
    return { ...ids, criterionId: 'left', accessToken: school.learner.token };
  }
});
