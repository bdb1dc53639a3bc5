import pg from 'pg';
import type { Socket } from 'socket.io-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { socketLimits, userLimits } from '#libs/contracts';
import { startTestApi, type TestApi } from '../support/api.js';
import { Device } from '../support/device.js';
import { foundSchool, type School } from '../support/school.js';

type Reply = { readonly kind: string; readonly code?: string };

describe('one learner who asks for very much', () => {
  let api: TestApi;
  let school: School;

  beforeAll(async () => {
    api = await startTestApi({ DATABASE_POOL_SIZE: '4' });
    school = await foundSchool(api.app, 'fair-share');
  }, 60_000);
  afterAll(() => api?.close());

  const reply = (socket: Socket, name: string, body: object): Promise<Reply> =>
    new Promise((resolve) => socket.emit(name, body, resolve));

  it('leaves connections to the others while her acts wait for one another', async () => {
    const greedy = await school.join('student', 'learner');
    const other = await Device.connect(api.url, (await school.join('student', 'learner')).token);
    const devices: Device[] = [];
    for (let i = 0; i < socketLimits.socketsPerUser; i++) devices.push(await Device.connect(api.url, greedy.token));
    await devices[0]!.openSession(school.courseId);
    await other.openSession(school.courseId);
    for (const device of devices) device.goOnFrom(devices[0]!);

    const holder = new pg.Client({ connectionString: api.database.ownerUrl });
    await holder.connect();
    try {
      await holder.query('BEGIN');
      await holder.query('SELECT 1 FROM learner_states WHERE learner_id = $1 FOR UPDATE', [greedy.id]);
      const waiting = devices.flatMap((device) =>
        Array.from({ length: 10 }, () => reply(device.socket, 'response.record', device.nextResponse())),
      );
      for (let turn = 1; turn <= 3; turn++) expect((await other.respond()).sequence).toBe(turn);
      await holder.query('COMMIT');
      const replies = await Promise.all(waiting);
      expect(replies.filter(({ code }) => code === 'RATE_LIMITED').length).toBe(replies.length - userLimits.backlog);
      expect(replies.filter(({ kind }) => kind === 'recorded').length).toBe(userLimits.backlog);
    } finally {
      await holder.end();
      for (const { socket } of [...devices, other]) socket.close();
    }
  });
});
