import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, graphql, newId, startTestApi, type TestApi } from '../support/api.js';
import { forkApi, type ApiProcess } from '../support/api-process.js';
import { Device, eventually } from '../support/device.js';
import { startOwnPostgres, type OwnPostgres } from '../support/own-postgres.js';
import { query } from '../support/postgres-client.js';
import { foundSchool } from '../support/school.js';
import { mountSmallDisk, noSmallDisk, type SmallDisk } from '../support/small-disk.js';
import { drawPicture, upload } from '../support/work.js';
import { ended } from '../support/worker.js';

describe('when the disk is full', () => {
  let postgres: OwnPostgres | undefined;
  let disk: SmallDisk | undefined;
  let founding: TestApi | undefined;
  let api: ApiProcess | undefined;

  afterEach(async () => {
    await founding?.stop();
    api?.child.kill('SIGKILL');
    if (api) await ended(api.child);
    await postgres?.destroy().catch(() => undefined);
    disk?.unmount();
    [postgres, disk, founding, api] = [undefined, undefined, undefined, undefined];
  });

  it('a picture is refused, leaves nothing behind, and is taken when there is room again', async ({ skip }) => {
    skip(noSmallDisk !== null, noSmallDisk ?? '');
    disk = mountSmallDisk(1);
    postgres = await startOwnPostgres();
    founding = await startTestApi({ ATTUNE_DATA_DIR: join(disk.path, 'data') }, postgres.database);
    const school = await foundSchool(founding.app, 'full-school');
    const { token } = await school.join('student', 'learner');
    await disk.fill();
    const picture = await drawPicture();
    const refused = await upload(founding.url, token, picture);
    expect(refused).toMatchObject({ status: 503, answer: { code: 'UNAVAILABLE' } });
    expect(await query(postgres.database.ownerUrl, 'SELECT FROM files')).toHaveLength(0);
    const left = await readdir(disk.path, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile()).map(({ name }) => name)).toEqual(['ballast']);
    expect((await fetch(`${founding.url}/health/ready`)).status).toBe(200);

    await disk.free();
    expect(await upload(founding.url, token, picture, { id: refused.id })).toMatchObject({ status: 201 });
  });

  it('the database refuses, nothing acknowledged is lost, and all goes on when there is room', async ({ skip }) => {
    skip(noSmallDisk !== null, noSmallDisk ?? '');
    disk = mountSmallDisk(400);
    postgres = await startOwnPostgres(join(disk.path, 'home'));
    const { ownerUrl } = postgres.database;
    founding = await startTestApi({}, postgres.database);
    const school = await foundSchool(founding.app, 'full-school');
    const learner = await school.join('student', 'learner');
    api = await forkApi(postgres.database);
    const device = await Device.connect(api.url, learner.token);
    await device.openSession(school.courseId);
    const acknowledged = [(await device.respond()).responseId];

    await query(ownerUrl, 'CREATE TABLE ballast (filler bytea STORAGE PLAIN)');
    await disk.fill();
    await takeRoomInside(ownerUrl);
    let refused = 0;
    for (let turn = 0; turn < 400 && refused < 3; turn++) {
      const response = device.nextResponse();
      const answer = await ask(device.socket, '/learn', 'response.record', response);
      if (answer.kind === 'recorded') {
        acknowledged.push(response.id);
        if (turn % 10 === 9) await takeRoomInside(ownerUrl);
      } else if (answer.code !== 'RATE_LIMITED') {
        expect(answer).toMatchObject({ code: 'UNAVAILABLE' });
        refused++;
      }
    }
    expect(refused).toBe(3);
    const over = await graphql(
      api.url,
      'mutation ($input: OpenSessionInput!) { openSession(input: $input) { __typename } }',
      {
        token: learner.token,
        variables: { input: { id: newId(), courseId: school.courseId, at: new Date().toISOString() } },
      },
    );
    if (over.status !== 200)
      expect(over).toMatchObject({ status: 503, errors: [{ extensions: { code: 'UNAVAILABLE' } }] });

    await disk.free();
    if (!postgres.isUp) await postgres.start();
    await query(ownerUrl, 'TRUNCATE ballast');
    await eventually(async () => (await fetch(`${api!.url}/health/ready`)).status === 200, 20_000);
    const response = device.nextResponse();
    expect(await ask(device.socket, '/learn', 'response.record', response)).toMatchObject({
      kind: 'recorded',
      sequence: acknowledged.length + 1,
    });
    const rows = await query<{ id: string }>(ownerUrl, 'SELECT id FROM responses ORDER BY sequence');
    expect(rows.map(({ id }) => id)).toEqual([...acknowledged, response.id]);
    device.close();
  });
});

/** Writes rows until the server says that it has no room, or is gone because of it. */
async function takeRoomInside(ownerUrl: string): Promise<void> {
  for (let rows = 2_000; rows >= 1; rows = Math.floor(rows / 2)) {
    const insert = `INSERT INTO ballast SELECT decode(repeat('00', 1900), 'hex') FROM generate_series(1, ${rows})`;
    for (let times = 0; times < 100; times++) {
      const went = await query(ownerUrl, insert).then(
        () => true,
        () => false,
      );
      if (!went) break;
    }
  }
}
