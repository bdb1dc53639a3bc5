import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ModelSchool } from '../support/model-school.js';
import { disc, Painting } from '../support/painting.js';
import { startS3, type S3Server } from '../support/s3-server.js';

const hints = { orient: 'Look at the sheet.', point: 'Count again.', show: 'There are six.' };
const specification = {
  kind: 'lab-photo',
  version: 1,
  criteria: [
    { id: 'seeds', label: 'Seeds', measure: 'count', of: 'seeds', points: 4, skill: 'shapes', hints, low: 6, high: 6 },
  ],
};

describe('a school whose files lie in a bucket', () => {
  let folder: string;
  let s3: S3Server;
  let place: ModelSchool;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-school-bucket-'));
    s3 = await startS3(folder);
    const { endpoint, bucket, accessKeyId, secretAccessKey } = s3.settings;
    place = await ModelSchool.open('bucket-school', {}, undefined, {
      S3_ENDPOINT: endpoint,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: accessKeyId,
      S3_SECRET_ACCESS_KEY: secretAccessKey,
    });
  }, 60_000);
  afterAll(async () => {
    await place?.close();
    await s3?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const kept = async (kind: string): Promise<number> => {
    const names = await readdir(join(folder, 'attune', kind), { recursive: true }).catch(() => []);
    return names.filter((name) => name.endsWith('._S3rver_object')).length;
  };

  it('has photos graded that lie there, and shows them', async () => {
    const painting = new Painting(600, 400, [232, 230, 225]);
    for (let seed = 0; seed < 6; seed++) painting.add(disc(60 + 90 * seed, 200, 18), [50, 40, 90]);
    const { id: assignmentId } = await place.assign(specification);
    const work = await place.graded(assignmentId, await painting.noise(2, 1).png());
    expect(work).toMatchObject({ state: 'graded', scores: [{ total: 4 }] });
    expect(await kept('files')).toBe(1);
    const shown = await fetch(`${place.api.url}${work.picture}`, {
      headers: { authorization: `Bearer ${place.school.teacher.token}` },
    });
    expect(shown.headers.get('content-type')).toBe('image/png');
    await expect(readdir(join(place.data, 'files'))).rejects.toThrow('ENOENT');
  });

  it('has packages verified that lie there, from a copy', async () => {
    const model = await place.desk.verified({ name: 'In the bucket' });
    expect(model.state).toBe('verified');
    expect(await kept('packages')).toBe(1);
    await expect(readdir(join(place.data, 'packages'))).rejects.toThrow('ENOENT');
    const copies = await readdir(join(place.data, 'spool/packages'), { recursive: true });
    expect(copies.filter((name) => name.endsWith('.zip'))).toHaveLength(1);
  });
});
