import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fastify, type FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fail, type Failure } from '#libs/kernel';
import { ResumableUploads, type Uploader } from './resumable-uploads.js';

const bytes = Buffer.from('a package, as far as uploading knows');

/** What becomes of an upload whose last byte has come. */
describe('an upload at its end', () => {
  let folder: string;
  let server: FastifyInstance;
  let url: string;
  let finish: Uploader['finish'];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-uploads-'));
    server = fastify();
    server.addContentTypeParser('application/offset+octet-stream', (_request, _body, done) => done(null));
    const uploads = new ResumableUploads({
      path: '/packages',
      maxBytes: 1_000,
      folder,
      origins: [],
      uploaderOf: () =>
        Promise.resolve({
          prefix: 'she',
          begin: () => Promise.resolve(null),
          finish: (metadata, path) => finish(metadata, path),
        }),
      logger: pino({ level: 'silent' }),
    });
    await uploads.install(server);
    url = await server.listen({ port: 0 });
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  const send = (method: string, path: string, headers: Record<string, string>, body?: Uint8Array<ArrayBuffer>) =>
    fetch(new URL(path, url), {
      method,
      headers: { 'tus-resumable': '1.0.0', ...headers },
      ...(body !== undefined && { body }),
    });
  const create = async (): Promise<string> => {
    const created = await send('POST', '/packages', { 'upload-length': String(bytes.length) });
    return new URL(created.headers.get('location')!, url).pathname;
  };
  const sendAll = (place: string) =>
    send(
      'PATCH',
      place,
      { 'upload-offset': '0', 'content-type': 'application/offset+octet-stream' },
      new Uint8Array(bytes),
    );

  it('is handed over whole, and nothing of it stays', async () => {
    let found = Buffer.alloc(0);
    finish = async (_, path) => {
      found = await readFile(path);
      return { kind: 'uploaded', modelId: 'model', state: 'uploaded' };
    };
    const place = await create();
    const answer = await sendAll(place);
    expect(await answer.json()).toEqual({ kind: 'uploaded', modelId: 'model', state: 'uploaded' });
    expect(found).toEqual(bytes);
    expect(await readdir(folder)).toEqual([]);
  });

  it('leaves nothing behind where its file was taken over', async () => {
    finish = async (_, path) => {
      await rm(path);
      return { kind: 'uploaded', modelId: 'model', state: 'uploaded' };
    };
    expect((await sendAll(await create())).status).toBe(200);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that is refused says so, and does not claim to have arrived', async () => {
    finish = () => Promise.resolve(fail('TAKEN'));
    const place = await create();
    const answer = await sendAll(place);
    expect([answer.status, ((await answer.json()) as Failure).code]).toEqual([409, 'TAKEN']);
    // A client that asks how far it got begins anew.
    expect((await send('HEAD', place, {})).status).toBe(404);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that cannot be registered now says so, and is registered when its client asks how far it got', async () => {
    finish = () => Promise.reject(new Error('no database'));
    const place = await create();
    const answer = await sendAll(place);
    expect([answer.status, ((await answer.json()) as Failure).code]).toEqual([500, 'INTERNAL']);
    expect((await send('HEAD', place, {})).status).toBe(500);
    let times = 0;
    finish = async () => {
      times++;
      await sleep(50);
      return { kind: 'uploaded', modelId: 'model', state: 'uploaded' };
    };
    const asked = await Promise.all([send('HEAD', place, {}), send('HEAD', place, {})]);
    for (const { status, headers } of asked) {
      expect([status, headers.get('upload-offset')]).toEqual([200, String(bytes.length)]);
    }
    expect(times).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('that was whole when its server was killed is registered before it claims to have arrived', async () => {
    const place = await create();
    await writeFile(join(folder, place.split('/').at(-1)!), bytes);
    let found = Buffer.alloc(0);
    finish = async (_, path) => {
      found = await readFile(path);
      return { kind: 'uploaded', modelId: 'model', state: 'uploaded' };
    };
    expect((await send('HEAD', place, {})).headers.get('upload-offset')).toBe(String(bytes.length));
    expect(found).toEqual(bytes);
  });
});
