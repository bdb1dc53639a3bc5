import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Database } from '#libs/persistence';
import { graphql, startTestApi, type TestApi } from '../support/api.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';
import { upload } from '../support/work.js';

/** More than the pool has connections: it has two for requests, and two for what must never wait. */
const poolSize = 4;
const crowd = 8;

describe('a crowd of uploads', () => {
  let api: TestApi;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    api = await startTestApi({ DATABASE_POOL_SIZE: String(poolSize), SOCKET_SWEEP_SECONDS: '300' });
    school = await foundSchool(api.app, 'crowded-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(() => api?.close());

  it('holds no connection while pictures wait and are decoded, so that others are served', async () => {
    // Small to send, slow to decode.
    const picture = await sharp({ create: { width: 7_500, height: 7_500, channels: 3, background: '#204080' } })
      .png({ compressionLevel: 9 })
      .toBuffer();
    let ended = 0;
    const uploads = Array.from({ length: crowd }, async () => {
      const { status } = await upload(api.url, learner.token, picture);
      ended++;
      return status;
    });
    await until(async () => (await countedUploads()) === crowd);
    const { connections } = api.app.get(Database, { strict: false });
    const answer = await graphql(api.url, '{ viewer { id } courses { edges { node { id } } } }', {
      token: learner.token,
    });
    const waiting = crowd - ended;
    expect(answer.data?.['viewer'].id).toBe(learner.id);
    expect(waiting, 'uploads that were still under way when the others had their answer').toBeGreaterThan(0);
    expect(connections.waiting, 'requests that waited for a connection').toBe(0);
    expect(await Promise.all(uploads)).toEqual(Array.from({ length: crowd }, () => 201));
  });

  /** Uploads that have been received whole, by the count that limits them. */
  async function countedUploads(): Promise<number> {
    const [row] = await query<{ attempts: number | null }>(
      api.database.ownerUrl,
      "SELECT sum(attempts)::int AS attempts FROM rate_limits WHERE key LIKE 'upload/%'",
    );
    return row?.attempts ?? 0;
  }
});
