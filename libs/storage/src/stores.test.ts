import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isFailure, type Failure } from '#libs/kernel';
import { startS3, type S3Server } from '../../../tests/support/s3-server.js';
import { openStores, type BucketSettings, type Stores } from './open-stores.js';
import { writeZip } from './write-zip.js';

const school = '01a20680-8842-7d19-bc19-2e4d7baa4d3c';
const other = '01a20680-8842-7d19-bc19-2e4d7baa4d3d';
const bytesOf = (text: string) => new TextEncoder().encode(text);
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const ok = <T>(outcome: T | Failure): T => {
  if (isFailure(outcome)) throw new Error(outcome.message);
  return outcome;
};

describe.each(['disk', 's3'] as const)('stores on %s', (kind) => {
  let folder: string;
  let stores: Stores;
  let stop: () => Promise<void> = () => Promise.resolve();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), `attune-stores-${kind}-`));
    const s3 = kind === 's3' ? await startS3(join(folder, 'bucket')) : null;
    if (s3 !== null) stop = s3.stop;
    stores = openStores(join(folder, 'data'), s3 && { ...s3.settings, spoolBytes: 1_000_000 });
  });
  afterAll(async () => {
    stores.close();
    await stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A zip on this machine, as an upload leaves it. */
  const zipOf = async (files: Record<string, string>): Promise<string> => {
    const path = join(folder, `${randomUUID()}.upload`);
    const packed = Object.entries(files).map(([name, text]) => ({
      path: name,
      read: () => Promise.resolve(bytesOf(text)),
    }));
    await writeZip(path, packed);
    return path;
  };

  it('keep files by what is in them, for each institution apart', async () => {
    const { files } = stores;
    const bytes = bytesOf('a picture');
    const sha256 = digestOf(bytes);
    expect(await Promise.all([1, 2, 3].map(() => files.put(school, bytes)))).toEqual([sha256, sha256, sha256]);
    expect(Buffer.from((await files.get(school, sha256))!)).toEqual(Buffer.from(bytes));
    expect(await files.get(other, sha256)).toBeNull();
    expect(await files.locate(other, sha256)).toBeNull();
    expect(await readFile((await files.locate(school, sha256))!)).toEqual(Buffer.from(bytes));
    await files.remove(school, sha256);
    await files.remove(school, sha256);
    expect(await files.get(school, sha256)).toBeNull();
    expect(await files.locate(school, sha256)).toBeNull();
  });

  it('are asked by ids and digests and nothing else', async () => {
    const sha256 = digestOf(bytesOf('x'));
    for (const [institution, digest] of [
      [school, '../../secret'],
      ['../outside', sha256],
      [school, sha256.toUpperCase()],
    ] as const) {
      await expect((async () => stores.files.get(institution, digest))()).rejects.toThrow(/^Not the name/);
      await expect((async () => stores.packages.locate(institution, digest))()).rejects.toThrow(/^Not the name/);
    }
    await expect((async () => stores.files.put('../outside', bytesOf('x')))()).rejects.toThrow(/^Not the name/);
  });

  it('take packages over, and read files in them', async () => {
    const { packages } = stores;
    const path = await zipOf({ 'manifest.json': '{}', 'model.bin': 'weights' });
    const kept = ok(await packages.keep(school, path));
    await expect(readFile(path)).rejects.toThrow('ENOENT');
    const files = await packages.read(school, kept.sha256, ['model.bin']);
    expect(Buffer.from(files.get('model.bin')!).toString()).toBe('weights');
    await expect(packages.read(school, kept.sha256, ['other'])).rejects.toThrow('no such file');
    expect(digestOf(await readFile((await packages.locate(school, kept.sha256))!))).toBe(kept.sha256);
    expect(await packages.locate(other, kept.sha256)).toBeNull();
    // The same again is the same.
    expect(ok(await packages.keep(school, await zipOf({ 'manifest.json': '{}', 'model.bin': 'weights' })))).toEqual(
      kept,
    );
    await packages.remove(school, kept.sha256);
    expect(await packages.locate(school, kept.sha256)).toBeNull();
    await expect(packages.read(school, kept.sha256, ['model.bin'])).rejects.toThrow(/cannot be opened|not there/);
  });

  it('pack archives, list them and forget them', async () => {
    const { archives } = stores;
    const read = (text: string) => () => Promise.resolve(bytesOf(text));
    const kept = ok(
      await archives.write(school, [
        { path: 'train/a.png', read: read('one') },
        { path: 'train/b.png', read: read('two') },
      ]),
    );
    expect((await archives.list(school)).map(({ sha256 }) => sha256)).toEqual([kept.sha256]);
    expect(Date.now() - (await archives.list(school))[0]!.writtenAt.getTime()).toBeLessThan(60_000);
    expect(await archives.list(other)).toEqual([]);
    expect(
      Buffer.from((await archives.read(school, kept.sha256, ['train/b.png'])).get('train/b.png')!).toString(),
    ).toBe('two');
    const gone = await archives.write(school, [{ path: 'c.png', read: () => Promise.resolve(null) }]);
    expect(gone).toMatchObject({ code: 'NOT_FOUND' });
    await archives.remove(school, kept.sha256);
    expect(await archives.list(school)).toEqual([]);
    expect(await archives.locate(school, kept.sha256)).toBeNull();
  });

  it('keep zips of folders until they are brought in', async () => {
    const { folderZips } = stores;
    const path = await zipOf({ 'red/one.png': 'one' });
    const zip = { id: '01a20680-8842-7d19-bc19-2e4d7baa4d3e', sha256: (await folderZips.measure(path)).sha256 };
    expect(await folderZips.keep(school, zip, path)).toBeNull();
    expect((await folderZips.list(school)).map(({ id, sha256 }) => ({ id, sha256 }))).toEqual([zip]);
    const opened = ok(await folderZips.open(school, zip));
    expect(opened.files.map((file) => file.path)).toEqual(['red/one.png']);
    expect(Buffer.from((await opened.read('red/one.png'))!).toString()).toBe('one');
    opened.close();
    expect(await folderZips.open(other, zip)).toMatchObject({ code: 'NOT_FOUND' });
    await folderZips.remove(school, zip);
    expect(await folderZips.open(school, zip)).toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leave nothing unfinished behind', async () => {
    const names = await readdir(join(folder, 'data'), { recursive: true });
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

describe('a bucket', () => {
  let folder: string;
  let s3: S3Server;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-bucket-'));
    s3 = await startS3(join(folder, 'bucket'));
  });
  afterAll(async () => {
    await s3.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const open = (changes: Partial<BucketSettings> = {}): Stores =>
    openStores(join(folder, randomUUID()), { ...s3.settings, spoolBytes: 1_000_000, ...changes });

  it('gives what another server has put there, and forgets copies of what is gone', async () => {
    const [one, two] = [open(), open()];
    const sha256 = ok(await one.files.put(school, bytesOf('shared')));
    const path = (await two.files.locate(school, sha256))!;
    expect((await readFile(path)).toString()).toBe('shared');
    await one.files.remove(school, sha256);
    expect(await two.files.locate(school, sha256)).toBeNull();
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('is asked once for what many ask for at once', async () => {
    const stores = open();
    const sha256 = ok(await stores.files.put(school, bytesOf('many')));
    const paths = await Promise.all(Array.from({ length: 8 }, () => stores.files.locate(school, sha256)));
    expect(new Set(paths).size).toBe(1);
  });

  it('is copied no more than it may: what nobody has asked for longest goes first', async () => {
    const stores = open({ spoolBytes: 2_500 });
    const digests = [];
    const texts = ['a', 'b', 'c'].map((letter) => letter.repeat(1_000));
    for (const text of texts) digests.push(ok(await stores.files.put(school, bytesOf(text))));
    const paths = [];
    for (const sha256 of digests) {
      paths.push((await stores.files.locate(school, sha256))!);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await expect(readFile(paths[0]!)).rejects.toThrow('ENOENT');
    expect((await readFile(paths[2]!)).length).toBe(1_000);
    // It is still to be had.
    expect((await readFile((await stores.files.locate(school, digests[0]!))!)).length).toBe(1_000);
  });

  it('is not believed where it holds something else', async () => {
    const stores = open();
    const sha256 = ok(await stores.files.put(school, bytesOf('right')));
    const stored = (await readdir(join(folder, 'bucket'), { recursive: true })).find((name) =>
      name.endsWith(`${sha256}._S3rver_object`),
    );
    await writeFile(join(folder, 'bucket', stored!), 'wrong');
    await expect(stores.files.locate(school, sha256)).rejects.toThrow('something else');
    await expect(stores.files.get(school, sha256)).rejects.toThrow('something else');
  });

  it('that cannot be had is a refusal for who stores, and an error for who reads', async () => {
    const stores = open({ endpoint: 'http://127.0.0.1:9' });
    expect(await stores.files.put(school, bytesOf('x'))).toMatchObject({ code: 'UNAVAILABLE' });
    await expect(stores.files.get(school, digestOf(bytesOf('x')))).rejects.toThrow(/^The S3 store is not to be had/);
  });

  it('that refuses says why: a stranger, a bucket that is not there', async () => {
    const strangers = open({ accessKeyId: 'STRANGER' });
    await expect(strangers.files.put(school, bytesOf('x'))).rejects.toThrow('403 InvalidAccessKeyId');
    const nowhere = open({ bucket: 'nowhere' });
    await expect(nowhere.files.put(school, bytesOf('x'))).rejects.toThrow('404 NoSuchBucket');
  });

  it('lists page after page, and is asked again where it cannot now', async () => {
    const digests = ['1', '2'].map((text) => digestOf(bytesOf(text)));
    const entry = (digest: string) =>
      `<Contents><Key>training-archives/${school}/${digest}.zip</Key><LastModified>2026-11-02T09:00:00.000Z</LastModified></Contents>`;
    const token = 'a+b/c= d';
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      const query = new URL(request.url!, 'http://bucket').searchParams;
      if (asked % 2 === 1) return void response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
      const isSecond = query.get('continuation-token') === token;
      const more = isSecond
        ? '<IsTruncated>false</IsTruncated>'
        : `<IsTruncated>true</IsTruncated><NextContinuationToken>${token}</NextContinuationToken>`;
      response.end(`<ListBucketResult>${more}${entry(digests[isSecond ? 1 : 0]!)}</ListBucketResult>`);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const stores = open({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
    const listed = await stores.archives.list(school);
    expect(listed.map(({ sha256 }) => sha256)).toEqual(digests);
    expect(listed[0]!.writtenAt).toEqual(new Date('2026-11-02T09:00:00.000Z'));
    expect(asked).toBe(4);
    stores.close();
    await new Promise((resolve) => server.close(resolve));
  });
});
