import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connect, mustAsk, newId, startTestApi, type TestApi } from '../support/api.js';
import { hollowPng } from '../support/bombs.js';
import { query } from '../support/postgres-client.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { drawPicture, rightMarks, setAssignment, upload } from '../support/work.js';

describe('uploads of pictures', () => {
  let api: TestApi;
  let data: string;
  let school: School;
  let learner: Person;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-uploads-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    school = await foundSchool(api.app, 'upload-school');
    learner = await school.join('student', 'learner');
  }, 60_000);
  afterAll(async () => {
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const send = (body: Uint8Array, options?: { id?: string; type?: string }) =>
    upload(api.url, learner.token, body, options);
  const fetchFile = (id: string, token: string, headers: Record<string, string> = {}) =>
    fetch(`${api.url}/files/${id}`, { headers: { authorization: `Bearer ${token}`, ...headers } });

  it('keeps a clean copy: upright, small enough, without metadata', async () => {
    const photo = await sharp({ create: { width: 3_000, height: 1_000, channels: 3, background: '#8899aa' } })
      .jpeg()
      .withExif({ IFD0: { Artist: 'Somebody' }, IFD3: { GPSLatitude: '52/1 31/1 0/1' } })
      .withMetadata({ orientation: 6 })
      .toBuffer();
    const { id, status, answer } = await send(photo, { type: 'image/jpeg' });
    expect({ status, answer }).toMatchObject({
      status: 201,
      answer: { kind: 'uploaded', mediaType: 'image/jpeg', width: 683, height: 2_048, resent: false },
    });
    const stored = Buffer.from(await (await fetchFile(id, learner.token)).arrayBuffer());
    const { exif, orientation } = await sharp(stored).metadata();
    expect({ exif, orientation }).toEqual({ exif: undefined, orientation: undefined });
    expect(stored.includes('Somebody')).toBe(false);
    const names = await readdir(join(data, 'files'), { recursive: true });
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
  });

  it('takes a resend for the same picture and another picture for a conflict', async () => {
    const picture = await drawPicture();
    const { id } = await send(picture);
    expect(await send(picture, { id })).toMatchObject({ status: 200, answer: { resent: true } });
    expect(await send(await drawPicture(210), { id })).toMatchObject({ status: 409, answer: { code: 'ID_REUSED' } });
    const mate = await school.join('student', 'learner');
    expect(await upload(api.url, mate.token, picture, { id })).toMatchObject({ answer: { code: 'ID_REUSED' } });
  });

  it('knows a resend by what was sent, though the encoder has changed since', async () => {
    const picture = await drawPicture(120, 90);
    const { id } = await send(picture);
    // What another version of the encoder would have made of it.
    await query(api.database.ownerUrl, "UPDATE files SET sha256 = repeat('0', 64) WHERE id = $1", [id]);
    expect(await send(picture, { id })).toMatchObject({ status: 200, answer: { fileId: id, resent: true } });
    expect(await send(await drawPicture(130, 90), { id })).toMatchObject({ answer: { code: 'ID_REUSED' } });
  });

  it('makes a JPEG of what phones write as HEIC', async () => {
    const photo = await readFile(join(import.meta.dirname, '../../libs/imaging/src/golden/turned.heic'));
    const { id, status, answer } = await send(photo, { type: 'image/heic' });
    expect({ status, answer }).toMatchObject({
      status: 201,
      answer: { mediaType: 'image/jpeg', width: 360, height: 480 },
    });
    expect(await send(photo, { id, type: 'image/heic' })).toMatchObject({ status: 200, answer: { resent: true } });
    const shown = await fetchFile(id, learner.token);
    expect(shown.headers.get('content-type')).toBe('image/jpeg');
    expect(await sharp(Buffer.from(await shown.arrayBuffer())).metadata()).toMatchObject({
      format: 'jpeg',
      width: 360,
    });
  });

  it('refuses what is no picture, whatever it says it is', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>');
    const png = await drawPicture();
    const heic = Buffer.concat([Buffer.from([0, 0, 0, 24]), Buffer.from('ftypheic'), Buffer.alloc(64)]);
    for (const [body, type] of [
      [svg, 'image/svg+xml'],
      [svg, 'image/png'],
      [Buffer.from('GIF89a'), 'image/gif'],
      [heic, 'image/heic'],
      [png.subarray(0, png.length / 2), 'image/png'],
      [Buffer.alloc(0), 'image/png'],
      [png, 'application/octet-stream'],
    ] as const) {
      expect(await send(body, { type })).toMatchObject({
        status: 415,
        answer: { kind: 'failure', code: 'UNSUPPORTED_IMAGE' },
      });
    }
  });

  it('refuses what is too large, in bytes and in pixels', async () => {
    const tooLarge = { status: 413, answer: { kind: 'failure', code: 'TOO_LARGE' } };
    expect(await send(Buffer.alloc(13 * 1024 * 1024, 1))).toMatchObject(tooLarge);
    expect(await send(hollowPng(20_000, 20_000))).toMatchObject(tooLarge);
  });

  it('asks who it is before it reads', async () => {
    expect(await upload(api.url, null, await drawPicture())).toMatchObject({
      status: 401,
      answer: { code: 'UNAUTHENTICATED' },
    });
    expect(await send(await drawPicture(), { id: 'not-an-id' })).toMatchObject({
      status: 400,
      answer: { code: 'INVALID_INPUT' },
    });
    expect((await fetch(`${api.url}/files/${newId()}`)).status).toBe(401);
  });

  it('shows a picture to its owner, and to the teachers once it is handed in', async () => {
    const { id } = await send(await drawPicture(160, 120));
    const mate = await school.join('student', 'learner');
    const other = await foundSchool(api.app, 'another-upload-school');
    expect((await fetchFile(id, school.teacher.token)).status).toBe(404);
    const socket = await connect(api.url, '/learn', learner.token);
    const assignmentId = await setAssignment(api.url, school);
    const body = { id: newId(), assignmentId, marks: rightMarks, fileId: id, at: Date.now() };
    const theirs = await connect(api.url, '/learn', mate.token);
    expect(await theirs.timeout(10_000).emitWithAck('work.submit', { ...body, id: newId() })).toMatchObject({
      code: 'NOT_FOUND',
    });
    await mustAsk(socket, '/learn', 'work.submit', body);
    socket.close();
    theirs.close();
    const seen = await fetchFile(id, school.teacher.token);
    expect(Object.fromEntries(seen.headers)).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    });
    const etag = seen.headers.get('etag')!;
    expect((await fetchFile(id, learner.token, { 'if-none-match': etag })).status).toBe(304);
    for (const nosy of [mate, other.teacher, other.admin]) {
      const refused = await fetchFile(id, nosy.token, { 'if-none-match': etag });
      expect(refused.status).toBe(404);
      expect(await refused.json()).toMatchObject({ kind: 'failure', code: 'NOT_FOUND' });
    }
  });

  it('answers routes and bodies that are not there in the same way', async () => {
    const unknown = await fetch(`${api.url}/nothing/here?secret=1`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({
      kind: 'failure',
      code: 'UNKNOWN_OPERATION',
      message: 'There is no route GET /nothing/here.',
    });
    const post = (type: string, body: string) =>
      fetch(`${api.url}/graphql`, { method: 'POST', headers: { 'content-type': type }, body });
    const codeOf = async (type: string, body: string) => {
      const response = await post(type, body);
      const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] };
      return { status: response.status, code: errors[0]!.extensions.code };
    };
    expect(await codeOf('application/json', '{')).toEqual({ status: 400, code: 'INVALID_INPUT' });
    expect(await codeOf('application/xml', '<a/>')).toEqual({ status: 400, code: 'INVALID_INPUT' });
    expect(await codeOf('application/json', `"${'x'.repeat(2 ** 21)}"`)).toEqual({ status: 413, code: 'TOO_LARGE' });
  });
});
