import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DiskFileStore } from './disk-file.store.js';

const school = '01a20680-8842-7d19-bc19-2e4d7baa4d3c';
const other = '01a20680-8842-7d19-bc19-2e4d7baa4d3d';
const bytes = new TextEncoder().encode('a picture');
const sha256 = createHash('sha256').update(bytes).digest('hex');

describe('files on the disk', () => {
  let folder: string;
  let store: DiskFileStore;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-files-'));
    store = new DiskFileStore(join(folder, 'files'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('are named by what is in them, and leave nothing beside', async () => {
    const digests = await Promise.all([1, 2, 3].map(() => store.put(school, bytes)));
    expect(digests).toEqual([sha256, sha256, sha256]);
    expect(await readdir(join(folder, 'files', school, sha256.slice(0, 2)))).toEqual([sha256]);
    expect(Buffer.from((await store.get(school, sha256))!)).toEqual(Buffer.from(bytes));
  });

  it('are kept apart for each institution', async () => {
    expect(await store.get(other, sha256)).toBeNull();
  });

  it('are asked for by digest and nothing else', async () => {
    await expect(store.get(school, '../../secret')).rejects.toThrow('Not the name of a stored file.');
    await expect(store.put('../outside', bytes)).rejects.toThrow('Not the name of a stored file.');
  });

  it('say so where they cannot be written', async () => {
    const blocked = join(folder, 'blocked');
    await writeFile(blocked, 'a file, not a folder');
    await expect(new DiskFileStore(blocked).put(school, bytes)).rejects.toMatchObject({ code: 'ENOTDIR' });
  });
});
