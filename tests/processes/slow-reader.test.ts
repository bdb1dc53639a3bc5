import type { Socket as TcpSocket } from 'node:net';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketLimits } from '#libs/contracts';
import { ask, connect, mustAsk, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type School } from '../support/school.js';
import { until } from '../support/until.js';

describe('a client that does not read', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi();
    school = await foundSchool(api.app, 'slow-reader');
  }, 60_000);
  afterAll(() => api?.close());

  const tcpOf = (socket: Socket): TcpSocket =>
    (socket.io.engine.transport as unknown as { ws: { _socket: TcpSocket } }).ws._socket;

  const socketsOfServer = async (): Promise<number> => {
    const metrics = await (await fetch(`${api.url}/metrics`)).text();
    return Number(/^attune_sockets(?:\{.*\})? (\d+)$/m.exec(metrics)![1]);
  };

  it('is cut off when too much waits for it, and catches up when it is back', async () => {
    const learner = await school.join('student', 'learner');
    const other = await connect(api.url, '/learn', (await school.join('student', 'learner')).token);
    const number = socketLimits.catchUpEvents;
    await query(
      api.database.ownerUrl,
      `INSERT INTO events (institution_id, stream, sequence, type, payload, at)
       SELECT $1::uuid, $2, n, 'response.recorded', jsonb_build_object('filler', repeat('x', 2000)), now()
       FROM generate_series(1, $3::int) n`,
      [school.institutionId, `learner/${learner.id}`, number],
    );
    const socket = await connect(api.url, '/learn', learner.token);
    const before = await socketsOfServer();
    const cut = new Promise<void>((resolve) => socket.once('disconnect', () => resolve()));

    tcpOf(socket).pause();
    // A megabyte each: more than the network between the two keeps.
    for (let page = 0; page < socketLimits.backlog; page++)
      socket.emit('events.catch-up', { after: 0 }, () => undefined);
    await until(async () => (await socketsOfServer()) < before);
    expect(await ask(other, '/learn', 'events.catch-up', { after: 0 })).toMatchObject({ kind: 'caught-up' });
    tcpOf(socket).resume();
    await cut;

    const back = await connect(api.url, '/learn', learner.token);
    const missed = await mustAsk(back, '/learn', 'events.catch-up', { after: 0 });
    expect(missed.events.map(({ sequence }) => sequence)).toEqual(Array.from({ length: number }, (_, i) => i + 1));
    for (const one of [other, back]) one.close();
  });
});
