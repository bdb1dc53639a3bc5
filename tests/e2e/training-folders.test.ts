import { createHash } from 'node:crypto';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, mustAsk, newId } from '../support/api.js';
import { aPicture, FolderDesk } from '../support/folder-desk.js';
import { renamed, saying, zipOf } from '../support/folder-zip.js';
import { heard } from '../support/heard.js';
import { ModelSchool, type Told } from '../support/model-school.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { until } from '../support/until.js';

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

describe('zips of folders', () => {
  let place: ModelSchool;
  let other: School;
  let desk: FolderDesk;

  beforeAll(async () => {
    place = await ModelSchool.open('folder-school');
    desk = new FolderDesk(place);
    other = await foundSchool(place.api.app, 'other-folder-school');
  }, 60_000);
  afterAll(() => place?.close());

  it('become labelled images, and tell the teachers what became of each file', async () => {
    const socket = await connect(place.api.url, '/teach', place.school.teacher.token);
    const told = heard(socket);
    await mustAsk(socket, '/teach', 'course.watch', { courseId: place.school.courseId });
    const datasetId = await desk.makeDataset();
    const withPlace = await sharp(await aPicture(4))
      .withExif({ IFD0: { Artist: 'Ann', ImageDescription: 'x'.repeat(50) } })
      .jpeg()
      .toBuffer();
    const zip = await zipOf({
      'red/1.png': await aPicture(1),
      'red/2.png': await aPicture(2),
      'red/2 again.png': await aPicture(2),
      'blue/1.png': await aPicture(1),
      'Zelle – grün 🧫/3.png': await aPicture(3),
      'Zelle – gru\u0308n 🧫/4.jpg': withPlace,
      'red/broken.png': (await aPicture(5)).subarray(0, 60),
      'red/notes.txt': 'no picture',
      'red/deep/er/6.png': await aPicture(6),
      'readme.md': 'a stray',
      'red/.DS_Store': 'x',
      'red/Thumbs.db': 'x',
      '__MACOSX/red/._1.png': 'x',
    });
    const { importId: id, state } = await desk.upload(zip, { datasetId, sha256: digestOf(zip) });
    expect(state).toBe('waiting');
    const done = await desk.atItsEnd(id);
    // In the order of the paths: blue/1.png came first, and red/1.png, the same picture, gave it its own label.
    expect(done).toMatchObject({
      state: 'done',
      files: 10,
      added: 4,
      relabelled: 1,
      unchanged: 1,
      refused: 4,
      code: null,
    });
    expect(done.refusals.map(({ path, code }) => [path, code])).toEqual([
      ['readme.md', 'INVALID_INPUT'],
      ['red/deep/er/6.png', 'INVALID_INPUT'],
      ['red/broken.png', 'UNSUPPORTED_IMAGE'],
      ['red/notes.txt', 'UNSUPPORTED_IMAGE'],
    ]);
    for (const expected of ['waiting', 'importing', 'done']) {
      expect(await told.next('import.changed')).toMatchObject({ datasetId, importId: id, state: expected });
    }
    socket.close();
    const { labels, images, imports } = await desk.dataset(datasetId);
    expect(labels).toEqual([
      { label: 'Zelle – grün 🧫', images: 2, groups: 0, boxes: null },
      { label: 'red', images: 2, groups: 0, boxes: null },
    ]);
    expect(imports.edges.map(({ node }: Told) => node['id'])).toEqual([id]);
    for (const { node } of images.edges as { node: { picture: string } }[]) {
      const answer = await fetch(`${place.api.url}${node.picture}`, {
        headers: { authorization: `Bearer ${place.school.teacher.token}` },
      });
      expect((await sharp(Buffer.from(await answer.arrayBuffer())).metadata()).exif).toBeUndefined();
    }
    const labelled = await query<{ is_hers: boolean }>(
      place.api.database.ownerUrl,
      `SELECT DISTINCT i.labelled_by = u.pseudonym AS is_hers FROM labelled_images i, users u
       WHERE i.dataset_id = $1 AND u.id = $2`,
      [datasetId, place.school.teacher.id],
    );
    expect(labelled).toEqual([{ is_hers: true }]);
    await desk.nothingLeft();

    const second = await desk.bringIn(zip, datasetId);
    expect(second).toMatchObject({ state: 'done', added: 0, refused: 4 });
    expect((await desk.dataset(datasetId))['labels']).toEqual(labels);
    expect((await desk.dataset(datasetId))['imports'].edges.map(({ node }: Told) => node['id'])).toEqual([
      second.id,
      id,
    ]);
  });

  it('have groups where the dataset is split by them', async () => {
    const datasetId = await desk.makeDataset('student');
    const files = { 'red/ann/1.png': await aPicture(1), 'red/ben/2.png': await aPicture(2), 'red/3.png': 'no group' };
    expect(await desk.bringIn(await zipOf(files), datasetId)).toMatchObject({
      state: 'done',
      added: 2,
      refusals: [{ path: 'red/3.png', message: 'It does not lie in <label>/<student>/<file>.' }],
    });
    expect((await desk.dataset(datasetId))['labels']).toEqual([{ label: 'red', images: 2, groups: 2, boxes: null }]);
  });

  it('come from systems that write names in their own way', async () => {
    const datasetId = await desk.makeDataset();
    const zip = await zipOf({ 'grün/1.png': await aPicture(1), 'red/2.png': await aPicture(2) });
    const odd = renamed(saying(zip, 'grün/1.png', { marksUtf8: false }), 'red/2.png', 'red\\2.png');
    expect(await desk.bringIn(odd, datasetId)).toMatchObject({ state: 'done', added: 2, refused: 0 });
    const { labels } = await desk.dataset(datasetId);
    expect(labels.map(({ label }: Told) => label)).toEqual(['grün', 'red']);
  });

  it('that lie about their sizes, or are too large, cost no more than they may', async () => {
    const datasetId = await desk.makeDataset();
    const zeros = Buffer.alloc(13 * 1024 * 1024);
    const bomb = await zipOf({ 'a/1.png': await aPicture(1), 'a/bomb.png': zeros, 'a/large.png': zeros });
    const done = await desk.bringIn(saying(bomb, 'a/bomb.png', { bytes: 1_000 }), datasetId);
    expect(done).toMatchObject({ state: 'done', added: 1, refused: 2 });
    expect(done.refusals).toMatchObject([
      { path: 'a/bomb.png', code: 'INVALID_INPUT' },
      { path: 'a/large.png', code: 'TOO_LARGE' },
    ]);
  });

  it('that cannot be used as a whole fail, are told why, and bring nothing in', async () => {
    const datasetId = await desk.makeDataset();
    const one = await zipOf({ 'xx/evil.png': await aPicture(1), 'red/2.png': await aPicture(2) });
    const many = Object.fromEntries(Array.from({ length: 20_001 }, (_, number) => [`a/${number}`, '']));
    const gbk = Buffer.concat([Buffer.from([0xc0, 0xe0]), Buffer.from('/evil')]);
    const cases: [string, Buffer, string, RegExp][] = [
      ['no zip', await aPicture(1), 'INVALID_INPUT', /no zip/],
      ['half of one', one.subarray(0, one.length / 2), 'INVALID_INPUT', /no zip/],
      ['an empty one', await zipOf({}), 'INVALID_INPUT', /no files/],
      ['nothing that counts', await zipOf({ '__MACOSX/a/1.png': 'x' }), 'INVALID_INPUT', /no files/],
      ['a way out', renamed(one, 'xx/evil', '../evil'), 'INVALID_INPUT', /path that leads out/],
      ['another way out', renamed(one, 'xx/evil', '..\\evil'), 'INVALID_INPUT', /path that leads out/],
      ['a path of a disk', renamed(one, 'xx/evil', 'C:/evil'), 'INVALID_INPUT', /path that leads out/],
      ['a folder around it', await zipOf({ 'all/red/1.png': await aPicture(1) }), 'INVALID_INPUT', /folder around/],
      ['too many files', await zipOf(many), 'TOO_LARGE', /20000 files/],
      [
        'names in GBK',
        renamed(saying(one, 'xx/evil.png', { marksUtf8: false }), 'xx/evil', gbk),
        'INVALID_INPUT',
        /UTF-8/,
      ],
      ['a bomb', saying(one, 'red/2.png', { bytes: 0xfffffffe }), 'TOO_LARGE', /unpacked/],
    ];
    for (const [what, zip, code, message] of cases) {
      const failed = await desk.bringIn(zip, datasetId);
      expect(failed, what).toMatchObject({ state: 'failed', code, added: 0, refused: 0 });
      expect(failed.message, what).toMatch(message);
    }
    const seen = await desk.dataset(datasetId);
    expect(seen['labels']).toEqual([]);
    await desk.nothingLeft();
  });

  it('are the same when they are sent again, and nothing of them where they are refused', async () => {
    const datasetId = await desk.makeDataset();
    const zip = await zipOf({ 'red/1.png': await aPicture(1) });
    const id = newId();
    const before = await desk.registered();
    await expect(desk.upload(zip, { id, datasetId, sha256: digestOf(Buffer.from('else')) })).rejects.toThrow(
      /another SHA-256/,
    );
    await expect(desk.upload(zip, { id, datasetId, sha256: 'nonsense' })).rejects.toThrow(/64 small/);
    await expect(desk.upload(zip, { id: 'nonsense', datasetId })).rejects.toThrow(/INVALID_INPUT/);
    await expect(desk.upload(zip, { id, datasetId: newId() })).rejects.toThrow(/NOT_FOUND/);
    expect(await desk.registered()).toBe(before);
    expect(await desk.leftovers()).toEqual([]);

    const twice = await Promise.all([desk.upload(zip, { id, datasetId }), desk.upload(zip, { id, datasetId })]);
    expect(twice).toMatchObject([{ importId: id }, { importId: id }]);
    expect(await desk.atItsEnd(id)).toMatchObject({ state: 'done', added: 1 });
    expect(await desk.upload(zip, { id, datasetId })).toMatchObject({ importId: id, state: 'done' });
    const otherZip = await zipOf({ 'red/1.png': await aPicture(2) });
    await expect(desk.upload(otherZip, { id, datasetId })).rejects.toThrow(/ID_REUSED/);
    await expect(desk.upload(zip, { id, datasetId: await desk.makeDataset() })).rejects.toThrow(/ID_REUSED/);
    expect(await desk.registered()).toBe(before + 1);
    expect(await desk.atItsEnd(id)).toMatchObject({ state: 'done', added: 1, unchanged: 0 });
    await desk.nothingLeft();
  });

  it('are the business of those who teach the course', async () => {
    const datasetId = await desk.makeDataset();
    const zip = await zipOf({ 'red/1.png': await aPicture(1) });
    const { id } = await desk.bringIn(zip, datasetId);
    const colleague = await place.school.join('teacher', null);
    const before = await desk.registered();
    for (const [person, code] of [
      [place.learner, 'FORBIDDEN'],
      [colleague, 'NOT_FOUND'],
      [other.teacher, 'NOT_FOUND'],
      [other.admin, 'NOT_FOUND'],
    ] as const) {
      await expect(desk.upload(zip, { datasetId }, person)).rejects.toThrow(new RegExp(code));
      expect(await desk.read(id, person)).toMatchObject({ code: 'NOT_FOUND' });
    }
    // Her own course, and the dataset of another one; the id of another institution is free in this one.
    const foreign = await desk.makeDataset('image', other.teacher, other.courseId);
    await expect(desk.upload(zip, { datasetId: foreign })).rejects.toThrow(/NOT_FOUND/);
    expect(await desk.registered()).toBe(before);
    expect(await desk.upload(zip, { id, datasetId: foreign }, other.teacher)).toMatchObject({ importId: id });
    await until(async () => (await desk.read(id, other.teacher))['state'] === 'done');
    expect(await desk.read(id)).toMatchObject({ datasetId });
  });

  it('are gone on with by whoever began to send them alone', async () => {
    const datasetId = await desk.makeDataset();
    const zip = await zipOf({ 'red/1.png': await aPicture(1) });
    const id = newId();
    const send = (
      method: string,
      path: string,
      headers: object,
      body?: Buffer,
      person: Person = place.school.teacher,
    ) =>
      fetch(`${place.api.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', ...headers },
        ...(body !== undefined && { body: new Uint8Array(body) }),
      });
    const metadata = Object.entries({ id, datasetId }).map(([key, value]) => `${key} ${btoa(value)}`);
    const about = { 'upload-metadata': metadata.join(',') };
    expect((await send('POST', '/training/folders', { ...about, 'upload-length': String(3 * 1024 ** 3) })).status).toBe(
      413,
    );
    const created = await send('POST', '/training/folders', { ...about, 'upload-length': String(zip.length) });
    const { pathname } = new URL(created.headers.get('location')!, place.api.url);
    const piece = { 'content-type': 'application/offset+octet-stream' };
    expect((await send('PATCH', pathname, { ...piece, 'upload-offset': '0' }, zip.subarray(0, 50))).status).toBe(204);
    for (const person of [place.learner, place.school.admin, other.teacher]) {
      expect((await send('HEAD', pathname, {}, undefined, person)).status).toBe(404);
    }
    // What was begun as folders is no package.
    const asModel = pathname.replace('/training/folders', '/models/uploads');
    expect((await send('HEAD', asModel, {})).status).toBe(404);
    expect((await send('HEAD', pathname, {})).headers.get('upload-offset')).toBe('50');
    const rest = await send('PATCH', pathname, { ...piece, 'upload-offset': '50' }, zip.subarray(50));
    expect(await rest.json()).toEqual({ kind: 'uploaded', importId: id, state: 'waiting' });
    expect(await desk.atItsEnd(id)).toMatchObject({ state: 'done', added: 1 });
  });
});
