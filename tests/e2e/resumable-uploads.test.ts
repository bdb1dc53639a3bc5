import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId, startTestApi, type TestApi } from '../support/api.js';
import { hollowPng } from '../support/bombs.js';
import { foundSchool, type Person, type School } from '../support/school.js';
import { drawPicture, upload } from '../support/work.js';

const piece = { 'content-type': 'application/offset+octet-stream' };

describe('uploads of work in pieces', () => {
  let api: TestApi;
  let data: string;
  let school: School;
  let learner: Person;
  let picture: Buffer;

  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), 'attune-pieces-'));
    api = await startTestApi({ ATTUNE_DATA_DIR: data });
    school = await foundSchool(api.app, 'pieces');
    learner = await school.join('student', 'learner');
    picture = await sharp({
      create: {
        width: 900,
        height: 700,
        channels: 3,
        background: '#888',
        noise: { type: 'gaussian', mean: 128, sigma: 40 },
      },
    })
      .jpeg()
      .toBuffer();
  }, 60_000);
  afterAll(async () => {
    await api?.close();
    await rm(data, { recursive: true, force: true });
  });

  const send = (method: string, path: string, more: Record<string, string>, body?: Buffer, person = learner) =>
    fetch(`${api.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${person.token}`, 'tus-resumable': '1.0.0', ...more },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
  const create = (metadata: Record<string, string>, length: number | null, person = learner) =>
    send(
      'POST',
      '/submissions/uploads',
      {
        ...(length === null ? { 'upload-defer-length': '1' } : { 'upload-length': String(length) }),
        'upload-metadata': Object.entries(metadata)
          .map(([key, value]) => `${key} ${Buffer.from(value).toString('base64')}`)
          .join(','),
      },
      undefined,
      person,
    );
  const begin = async (metadata: Record<string, string>, length: number, person = learner): Promise<string> => {
    const created = await create(metadata, length, person);
    expect(created.status, await created.clone().text()).toBe(201);
    return new URL(created.headers.get('location')!, api.url).pathname;
  };
  const unfinished = async (): Promise<string[]> => (await readdir(join(data, 'work-uploads'))).sort();

  it('go on where they broke off, and end as an upload at once does', async () => {
    const id = newId();
    const address = await begin({ id, filetype: 'image/jpeg' }, picture.length);
    const half = Math.floor(picture.length / 2);
    expect((await send('PATCH', address, { ...piece, 'upload-offset': '0' }, picture.subarray(0, half))).status).toBe(
      204,
    );
    expect((await send('PATCH', address, { ...piece, 'upload-offset': '3' }, picture.subarray(3))).status).toBe(409);
    expect((await send('HEAD', address, {})).headers.get('upload-offset')).toBe(String(half));
    const last = await send('PATCH', address, { ...piece, 'upload-offset': String(half) }, picture.subarray(half));
    expect(await last.json()).toMatchObject({
      kind: 'uploaded',
      fileId: id,
      mediaType: 'image/jpeg',
      width: 900,
      height: 700,
      resent: false,
    });
    // What was sent is gone; the same at once is a resend of it.
    expect(await unfinished()).toEqual([]);
    expect(await upload(api.url, learner.token, picture, { id })).toMatchObject({
      status: 200,
      answer: { resent: true },
    });
    expect((await send('HEAD', address, {})).status).toBe(404);
  });

  it('are those that clients of the protocol make', async () => {
    const id = newId();
    const headers = { authorization: `Bearer ${learner.token}` };
    const metadata = { id, filetype: 'image/jpeg' };
    const answer = await new Promise<string>((resolve, reject) => {
      new Upload(picture, {
        endpoint: `${api.url}/submissions/uploads`,
        headers,
        metadata,
        chunkSize: Math.ceil(picture.length / 3),
        onError: reject,
        onSuccess: ({ lastResponse }) => resolve(lastResponse.getBody()),
      }).start();
    });
    expect(JSON.parse(answer)).toMatchObject({ kind: 'uploaded', fileId: id });
  });

  it('are refused before the first byte where they cannot end well', async () => {
    const refusal = async (response: Promise<Response>) => {
      const { status, ...rest } = await response;
      void rest;
      return { status, ...((await (await response).json()) as { code: string }) };
    };
    expect(await refusal(create({ filetype: 'image/png' }, 9))).toMatchObject({ status: 400, code: 'INVALID_INPUT' });
    expect(await refusal(create({ id: newId() }, 9))).toMatchObject({ code: 'INVALID_INPUT' });
    expect(await refusal(create({ id: '../x', filetype: 'image/png' }, 9))).toMatchObject({ code: 'INVALID_INPUT' });
    const valid = { id: newId(), filetype: 'image/png' };
    expect(await refusal(create(valid, 13_000_000))).toMatchObject({ status: 413, code: 'TOO_LARGE' });
    expect(await refusal(create({ ...valid, filetype: 'text/csv' }, 3_000_000))).toMatchObject({ code: 'TOO_LARGE' });
    expect((await create(valid, null)).status).toBe(400);
    expect((await fetch(`${api.url}/submissions/uploads`, { method: 'POST' })).status).toBe(401);
    expect(await unfinished()).toEqual([]);
  });

  it('hold no more than they said they would', async () => {
    const address = await begin({ id: newId(), filetype: 'image/jpeg' }, 100);
    const more = await send('PATCH', address, { ...piece, 'upload-offset': '0' }, picture);
    expect(more.status).toBeGreaterThanOrEqual(400);
    await send('DELETE', address, {});
    expect(await unfinished()).toEqual([]);
  });

  it('are decoded as others are: what is no picture is refused at its end, and is gone', async () => {
    for (const [bytes, code] of [
      [Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'UNSUPPORTED_IMAGE'],
      [hollowPng(60_000, 60_000), 'TOO_LARGE'],
    ] as const) {
      const id = newId();
      const address = await begin({ id, filetype: 'image/png' }, bytes.length);
      const last = await send('PATCH', address, { ...piece, 'upload-offset': '0' }, bytes);
      expect(await last.json()).toMatchObject({ kind: 'failure', code });
      expect(await unfinished()).toEqual([]);
      expect((await send('GET', `/files/${id}`, {})).status).toBe(404);
    }
  });

  it('are the business of whoever began them', async () => {
    const mate = await school.join('student', 'learner');
    const elsewhere = await foundSchool(api.app, 'pieces-elsewhere');
    const id = newId();
    const address = await begin({ id, filetype: 'image/jpeg' }, picture.length);
    for (const person of [mate, school.teacher, school.admin, elsewhere.teacher]) {
      expect((await send('HEAD', address, {}, undefined, person)).status).toBe(404);
      const patched = await send('PATCH', address, { ...piece, 'upload-offset': '0' }, picture, person);
      expect(patched.status).toBe(404);
      expect((await send('DELETE', address, {}, undefined, person)).status).toBe(404);
    }
    expect((await send('HEAD', address, {})).headers.get('upload-offset')).toBe('0');
    // An id that somebody else has used is used.
    await send('PATCH', address, { ...piece, 'upload-offset': '0' }, picture);
    const again = await begin({ id, filetype: 'image/jpeg' }, picture.length, mate);
    const last = await send('PATCH', again, { ...piece, 'upload-offset': '0' }, picture, mate);
    expect(await last.json()).toMatchObject({ code: 'ID_REUSED' });
  });

  it('are so many that one person may have begun, and no more', async () => {
    const busy = await school.join('student', 'learner');
    const statuses: number[] = [];
    const small = await drawPicture();
    for (let count = 0; count < 17; count++) {
      statuses.push((await create({ id: newId(), filetype: 'image/png' }, small.length, busy)).status);
    }
    expect(statuses).toEqual([...Array.from({ length: 16 }, () => 201), 413]);
  });
});
