import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AttuneClient, newId } from '#libs/client';
import { densePng } from '../support/bombs.js';
import { makeDatabaseFolder } from '../support/postgres-folder.js';
import { freePort, isAlive, SERVE_ENTRY, ServeProcess } from '../support/serve-process.js';
import { until } from '../support/until.js';
import { upload } from '../support/work.js';

const isBuilt = existsSync(SERVE_ENTRY);

/** Process ids of what a process has started. */
const childrenOf = async (pid: number): Promise<number[]> => {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
  return children.trim().split(' ').filter(Boolean).map(Number);
};

/** The API that the supervisor started, with the decoders that it keeps warm. */
describe.runIf(process.platform === 'linux' && isBuilt)('a decoder that is lost', () => {
  let folder: string;
  let server: ServeProcess;
  let token: string;
  let api: number;
  let small: Buffer;
  let dense: Buffer;

  beforeAll(async () => {
    folder = await makeDatabaseFolder();
    const data = join(folder, 'data');
    server = ServeProcess.spawn(data, await freePort());
    await server.ready();
    const { institution, student } = JSON.parse(await readFile(join(data, 'demo-accounts.json'), 'utf8')) as {
      institution: string;
      student: { email: string; password: string };
    };
    const client = new AttuneClient({ url: server.url });
    await client.signIn({ institution, ...student });
    token = await client.accessToken();
    [api] = (await server.parts()) as [number];
    small = await sharp({ create: { width: 320, height: 240, channels: 3, background: '#204080' } })
      .png()
      .toBuffer();
    dense = await densePng(7_000);
  }, 120_000);
  afterAll(async () => {
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const send = (picture: Buffer) => upload(server.url, token, picture);

  it('takes no other upload with it, and no request', async () => {
    expect((await send(small)).status).toBe(201);
    let isGoing = true;
    let answers = 0;
    const asking = (async () => {
      for (; isGoing; await sleep(20)) {
        expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
        answers++;
      }
    })();
    const uploads = [dense, small, dense, small, small, small].map(send);
    const killed = new Set<number>();
    await until(async () => (await childrenOf(api)).length === 2);
    await sleep(200);
    for (const decoder of await childrenOf(api)) {
      process.kill(decoder, 'SIGKILL');
      killed.add(decoder);
    }
    const outcomes = await Promise.all(uploads);
    // Both that were interrupted are decoded again.
    expect(outcomes.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201, 201]);
    isGoing = false;
    await asking;
    expect(answers).toBeGreaterThan(10);
    expect((await server.parts())[0]).toBe(api);
    expect(isAlive(api)).toBe(true);
    for (const decoder of await childrenOf(api)) expect(killed.has(decoder)).toBe(false);
  });

  it('again and again is a refusal that says to come back, and then it goes on', async () => {
    let isGoing = true;
    const killing = (async () => {
      for (; isGoing; await sleep(50)) {
        for (const decoder of await childrenOf(api)) {
          if (await isDecoding(decoder)) process.kill(decoder, 'SIGKILL');
        }
      }
    })();
    const outcome = await send(dense);
    isGoing = false;
    await killing;
    expect(outcome).toMatchObject({ status: 503, answer: { kind: 'failure', code: 'BUSY', retryAfterSeconds: 2 } });
    expect((await send(small)).status).toBe(201);
  });

  it('goes when the API goes', async () => {
    await send(small);
    const decoders = await childrenOf(api);
    expect(decoders.length).toBeGreaterThan(0);
    const [id, half] = [newId(), Math.floor(small.length / 2)];
    const created = await inPieces('POST', '/submissions/uploads', {
      'upload-length': String(small.length),
      'upload-metadata': `id ${btoa(id)},filetype ${btoa('image/png')}`,
    });
    const address = new URL(created.headers.get('location')!, server.url).pathname;
    expect((await inPieces('PATCH', address, { 'upload-offset': '0' }, small.subarray(0, half))).status).toBe(204);
    process.kill(api, 'SIGKILL');
    await until(async () => !decoders.some(isAlive));
    await server.shows('API        is back');
    // What came in pieces goes on where it was.
    expect((await inPieces('HEAD', address, {})).headers.get('upload-offset')).toBe(String(half));
    const last = await inPieces('PATCH', address, { 'upload-offset': String(half) }, small.subarray(half));
    expect(await last.json()).toMatchObject({ kind: 'uploaded', fileId: id });
  });

  /** Sends a request of an upload in pieces (tus). */
  const inPieces = (method: string, path: string, more: Record<string, string>, body?: Buffer) =>
    fetch(`${server.url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'tus-resumable': '1.0.0',
        'content-type': 'application/offset+octet-stream',
        ...more,
      },
      ...(body !== undefined && { body: new Uint8Array(body) }),
    });
});

/** Whether it has taken more memory than a process that only waits: it is in the middle of a large picture. */
async function isDecoding(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) > 110 * 1024;
}
