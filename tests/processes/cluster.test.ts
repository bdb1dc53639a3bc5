import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, type TestContext } from 'vitest';
import { AttuneClient } from '#libs/client';
import { joinAsEmitter, roomOf } from '#libs/composition';
import { learnEventNames } from '#libs/contracts';
import { learnerStream } from '#libs/kernel';
import { makeLogger, parseConfig } from '#libs/platform';
import { graphql, startTestApi, type TestApi } from '../support/api.js';
import { closed, Device, eventually } from '../support/device.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';
import { databaseUrl, query } from '../support/postgres-client.js';
import { noRedis, startTestRedis, type TestRedis } from '../support/redis.js';
import { foundSchool, type Person, type School } from '../support/school.js';

/** The sweep must not do what revocation has to do at once. */
const settings = { SOCKET_SWEEP_SECONDS: '300' };

const joints = [
  { joint: 'PostgreSQL', missing: null },
  { joint: 'Redis', missing: noRedis },
] as const;

describe.each(joints.map(({ joint, missing }) => [joint, missing] as const))(
  'two API processes joined by %s',
  (joint, missing) => {
    let redis: TestRedis | null = null;
    let database: TestDatabase;
    let left: TestApi;
    let right: TestApi;
    let school: School;
    const environment = (): Record<string, string> => ({ ...settings, ...(redis && { REDIS_URL: redis.url }) });

    beforeAll(async () => {
      if (missing !== null) return;
      if (joint === 'Redis') redis = await startTestRedis();
      database = await createTestDatabase();
      left = await startTestApi(environment(), database);
      right = await startTestApi(environment(), database);
      school = await foundSchool(left.app, 'two-processes');
    }, 60_000);
    afterAll(async () => {
      await Promise.all([left?.stop(), right?.stop()]);
      await redis?.close();
      await database?.drop();
    });

    /** A learner with a device on each side, in one session. */
    async function withTwoDevices(
      work: (here: Device, there: Device, learner: Person) => Promise<void>,
    ): Promise<void> {
      const learner = await school.join('student', 'learner');
      const here = await Device.connect(left.url, learner.token);
      const there = await Device.connect(right.url, learner.token);
      try {
        await here.openSession(school.courseId);
        await work(here, there, learner);
      } finally {
        here.close();
        there.close();
      }
    }

    it('tells both devices of a learner the same events, in order and each once', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      await withTwoDevices(async (here, there, learner) => {
        const app = await followAs(learner, right.url);
        for (let turn = 0; turn < 10; turn++) {
          await here.respond();
          there.goOnFrom(here);
          await there.respond();
          here.goOnFrom(there);
        }
        const { cursor, sequences } = await here.catchUp(0);
        for (const device of [here, there]) {
          await eventually(
            () => device.sequences.length >= cursor,
            5_000,
            () => `${device.sequences.length} of ${cursor}`,
          );
          // Two processes may tell their events in another order than they happened: the numbers put them right.
          expect(device.sequences.toSorted((a, b) => a - b)).toEqual(sequences);
        }
        await eventually(() => app.heard.length >= cursor - app.from);
        expect(app.heard).toEqual(sequences.slice(app.from));
        app.close();
      });
    });

    it('tells each event once when both sides act at the same time', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      await withTwoDevices(async (here, there) => {
        there.goOnFrom(here);
        await Promise.all(
          [here, there].map(async (device) => {
            for (let turn = 0; turn < 25; turn++) await device.respond();
          }),
        );
        const { cursor, sequences } = await here.catchUp(0);
        expect(sequences).toHaveLength(cursor);
        for (const device of [here, there]) {
          await eventually(
            () => device.sequences.length >= cursor,
            5_000,
            () => `${device.sequences.length} of ${cursor}`,
          );
          expect(device.sequences.toSorted((a, b) => a - b)).toEqual(sequences);
        }
      });
    });

    it('lets a process without sockets speak to both', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      await withTwoDevices(async (here, there, learner) => {
        const config = parseConfig({
          DATABASE_APP_URL: database.appUrl,
          ATTUNE_SECRET: 'a secret of the tests, long enough for all',
          ...environment(),
        });
        const emitter = await joinAsEmitter(config, makeLogger('silent', 'test'));
        const room = roomOf(school.institutionId, learnerStream(learner.id));
        const refusals = Array.from({ length: 20 }, (_, index) => ({ code: 'INTERNAL', message: String(index) }));
        for (const refusal of refusals) emitter.emit('/learn', room, 'connection.refused', refusal);
        const told = (device: Device): unknown[] =>
          device.heard.filter(({ type }) => type === 'connection.refused').map(({ payload }) => payload);
        for (const device of [here, there]) {
          await eventually(() => told(device).length >= 20);
          expect(told(device)).toEqual(refusals);
        }
        await emitter.close();
      });
    });

    it('closes the sockets of an ended sign-in on both sides at once', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      await withTwoDevices(async (here, there, learner) => {
        const bothClosed = Promise.all([closed(here.socket, 2_000), closed(there.socket, 2_000)]);
        await graphql(left.url, 'mutation { signOut { __typename } }', { token: learner.token });
        await bothClosed;
        expect(there.heard.at(-1)).toMatchObject({ type: 'connection.refused', payload: { code: 'UNAUTHENTICATED' } });
      });
    });

    it('gives what was missed over the other process when one is gone', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      const third = await startTestApi(environment(), database);
      const learner = await school.join('student', 'learner');
      const lost = await Device.connect(third.url, learner.token);
      const other = await Device.connect(left.url, learner.token);
      await other.openSession(school.courseId);
      for (let turn = 0; turn < 3; turn++) await other.respond();
      const { cursor: heard } = await other.catchUp(null);
      await lost.hearsNumber(heard);
      const gone = closed(lost.socket);
      await third.stop();
      await gone;
      for (let turn = 0; turn < 3; turn++) await other.respond();
      const back = await Device.connect(right.url, learner.token);
      const { cursor, sequences } = await back.catchUp(lost.sequences.at(-1)!);
      expect(lost.sequences.concat(sequences)).toEqual(Array.from({ length: cursor }, (_, index) => index + 1));
      await other.respond();
      const told = await other.catchUp(cursor);
      await back.hearsNumber(told.cursor);
      expect(told.sequences[0]).toBe(cursor + 1);
      expect(back.sequences).toEqual(told.sequences);
      other.close();
      back.close();
    });

    it('reaches a device of a process that has only just come', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      const learner = await school.join('student', 'learner');
      const busy = await Device.connect(left.url, learner.token);
      await busy.openSession(school.courseId);
      let going = true;
      const answering = (async () => {
        for (; going; await sleep(20)) await busy.respond();
      })();
      try {
        for (let round = 0; round < 3; round++) {
          const newcomer = await startTestApi(environment(), database);
          const device = await Device.connect(newcomer.url, learner.token);
          const { cursor: from } = await device.catchUp(null);
          const to = from + 20;
          await eventually(() => device.sequences.some((sequence) => sequence > to), 10_000);
          const heard = device.sequences.filter((sequence) => sequence > from && sequence <= to);
          expect(heard).toEqual(Array.from({ length: to - from }, (_, index) => from + index + 1));
          device.close();
          await newcomer.stop();
        }
      } finally {
        going = false;
        await answering;
        busy.close();
      }
    });

    it('tells clients to catch up when the line to the other processes was cut', async ({ skip }: TestContext) => {
      skip(missing !== null, missing ?? '');
      await withTwoDevices(async (here, there) => {
        const before = (await here.catchUp(null)).cursor;
        await cutLine();
        for (let turn = 0; turn < 3; turn++) await here.respond();
        const { cursor } = await here.catchUp(null);
        await there.hears('events.interrupted', 10_000);
        const { sequences } = await there.catchUp(before);
        const known = new Set([...there.sequences, ...sequences]);
        for (let sequence = before + 1; sequence <= cursor; sequence++) expect(known).toContain(sequence);
        await here.respond();
        await there.hearsNumber(cursor + 1);
      });
    });

    /** An app on the client library: what it hears is in order. */
    async function followAs(learner: Person, url: string) {
      const heard: number[] = [];
      const client = new AttuneClient({ url });
      client.resume({ accessToken: learner.token, refreshToken: learner.refreshToken, expiresAt: '' });
      const socket = client.learn();
      for (const event of learnEventNames) {
        socket.on(event, ({ sequence }) => heard.push(sequence));
      }
      await eventually(() => socket.cursor() !== null);
      // What was told just before may still have come in.
      heard.length = 0;
      return { heard, from: socket.cursor()!, close: () => client.close() };
    }

    async function cutLine(): Promise<void> {
      if (redis !== null) {
        await redis.kill();
        await redis.start();
        return;
      }
      await query(
        databaseUrl(inject('postgres').superuserUrl, new URL(database.ownerUrl).pathname.slice(1)),
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'attune-realtime' AND datname = current_database()`,
      );
    }
  },
);
