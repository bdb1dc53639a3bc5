import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { Server } from 'socket.io';
import { emitTo, joinCluster, type Cluster, type Reach } from '#libs/composition';
import { makeLogger, parseConfig } from '#libs/platform';
import { eventually } from '../support/device.js';
import { databaseUrl, query } from '../support/postgres-client.js';
import { createTestDatabase, type TestDatabase } from '../support/postgres.js';

describe('processes that share a database', () => {
  let database: TestDatabase;
  const joined: { cluster: Cluster; server: Server }[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const { server, cluster } of joined.splice(0)) {
      await server.close();
      await cluster.close();
    }
  });
  afterAll(() => database.drop());

  async function join(): Promise<Cluster> {
    const config = parseConfig({ DATABASE_APP_URL: database.appUrl, ATTUNE_SECRET: 'x'.repeat(43) });
    const cluster = await joinCluster(config, makeLogger('silent', 'test'));
    joined.push({ cluster, server: new Server(createServer(), { adapter: cluster.adapter! }) });
    return cluster;
  }

  async function leave(cluster: Cluster): Promise<void> {
    const index = joined.findIndex((one) => one.cluster === cluster);
    const [{ server }] = joined.splice(index, 1) as [(typeof joined)[number]];
    await server.close();
    await cluster.close();
  }

  it('know of one another before the newcomer lets anybody in', async () => {
    const first = await join();
    expect(first.isAlone).toBe(true);
    for (let round = 0; round < 5; round++) {
      const second = await join();
      expect(first.isAlone).toBe(false);
      expect(second.isAlone).toBe(false);
      await leave(second);
    }
    await eventually(() => first.isAlone, 10_000);
  });

  it('know of one another when they come at the same time', async () => {
    const all = await Promise.all([join(), join(), join(), join()]);
    expect(all.map(({ isAlone }) => isAlone)).toEqual([false, false, false, false]);
  });

  it('are not sure to be alone while they are deaf, and tell when they hear again', async () => {
    const only = await join();
    expect(only.isAlone).toBe(true);
    const told: Reach[] = [];
    only.onInterrupted((reach) => told.push(reach));
    await query(
      databaseUrl(inject('postgres').superuserUrl, new URL(database.ownerUrl).pathname.slice(1)),
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE application_name = 'attune-realtime' AND datname = current_database()`,
    );
    await eventually(() => !only.isAlone, 1_000);
    await eventually(() => only.isAlone, 10_000);
    expect(told).toContain('here');
  });

  it('hear the first event that the other emits after the newcomer is there', async () => {
    const first = await join();
    const { server: firstServer } = joined.at(-1)!;
    firstServer.of('/learn');
    await eventually(() => first.isAlone);
    for (let round = 0; round < 5; round++) {
      const second = await join();
      const heard: unknown[] = [];
      const { server } = joined.at(-1)!;
      const adapter = server.of('/learn').adapter as unknown as { onMessage(message: object): void };
      const receive = adapter.onMessage.bind(adapter);
      adapter.onMessage = (message) => {
        heard.push((message as { data?: { packet?: { data?: unknown } } }).data?.packet?.data);
        receive(message);
      };
      emitTo(first, firstServer.of('/learn'), 'a room', 'activity.recommended', { round });
      await eventually(() => heard.some((data) => JSON.stringify(data)?.includes(`"round":${round}`)));
      await leave(second);
    }
  });
});
