import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Part, PartNotReady, type PartOptions } from './part.js';
import type { PartEvent } from './restarter.js';

const NEVER = new AbortController().signal;

describe('Part', () => {
  let folder: string;
  let events: PartEvent[];
  let part: Part;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-part-'));
    events = [];
  });

  afterEach(async () => {
    await part.stop(AbortSignal.abort());
    await rm(folder, { recursive: true });
  });

  function make(behaviour: string, options: Partial<PartOptions> = {}): Part {
    part = new Part(
      {
        name: 'API',
        entry: join(import.meta.dirname, 'fixtures/part-stand-in.mjs'),
        env: { PATH: process.env['PATH'], BEHAVIOUR: behaviour },
        logFile: join(folder, 'api.log'),
        startLimit: 5_000,
        drainLimit: 5_000,
        ...options,
      },
      (event) => events.push(event),
    );
    return part;
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await sleep(10);
  }

  it('is ready when it says so, and ends when it is asked to', async () => {
    await make('well').start();
    expect(part.pid).toBeTypeOf('number');
    await part.stop(NEVER);
    expect(part.pid).toBeUndefined();
    expect(events).toEqual([]);
  });

  it('is not ready before it answers', async () => {
    const order: string[] = [];
    await make('well', {
      probe: async () => {
        await sleep(50);
        order.push('healthy');
      },
    }).start();
    order.push('started');
    expect(order).toEqual(['healthy', 'started']);
  });

  it.each([
    ['fails', 'The API did not start: Redis does not answer.'],
    ['crashes', 'The API did not start: it ended while it was starting (exit code 3).'],
  ])('tells why it did not start: it %s', async (behaviour, sentence) => {
    const failure = await make(behaviour)
      .start()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartNotReady);
    expect(failure).toMatchObject({ message: sentence });
    expect(await readFile(join(folder, 'api.log'), 'utf8')).toBe(behaviour === 'crashes' ? 'Error: it hurts\n' : '');
  });

  it('does not wait for ever for one that says nothing', async () => {
    await expect(make('silent', { startLimit: 200 }).start()).rejects.toThrow('it said nothing for too long');
    await until(() => part.pid === undefined);
  });

  it('comes back after it was killed', async () => {
    await make('well').start();
    const first = part.pid!;
    process.kill(first, 'SIGKILL');
    await until(() => events.length === 2);

    expect(events).toEqual([
      { kind: 'ended', how: 'signal SIGKILL', restartIn: 200 },
      { kind: 'back', after: expect.any(Number) },
    ]);
    expect(part.pid).not.toBe(first);
  });

  it('is started again later and later when it does not stay', async () => {
    await make('short-lived').start();
    await until(() => events.filter(({ kind }) => kind === 'ended').length === 3);
    expect(events.flatMap((event) => (event.kind === 'ended' ? [event.restartIn] : []))).toEqual([200, 400, 800]);
  });

  it('says which process it is before that is ready', async () => {
    const pids: (number | undefined)[] = [];
    const starting = make('silent', { onSpawn: () => pids.push(part.pid) })
      .start()
      .catch((error: unknown) => error);
    await until(() => pids.length === 1);
    expect(pids).toEqual([part.pid]);
    expect(part.pid).toBeTypeOf('number');
    await part.stop(NEVER);
    expect(await starting).toMatchObject({ name: 'AbortError' });
    expect(part.pid).toBeUndefined();
  });

  it('does not start when it was stopped before its process was there', async () => {
    const starting = make('well')
      .start()
      .catch((error: unknown) => error);
    await part.stop(NEVER);
    expect(await starting).toMatchObject({ name: 'AbortError' });
    expect(part.pid).toBeUndefined();
  });

  it('is killed when it does not end in time', async () => {
    await make('stubborn', { drainLimit: 200 }).start();
    await part.stop(NEVER);
    expect(part.pid).toBeUndefined();
  });

  it('is killed at once when there is a hurry', async () => {
    // Longer than a test may take: only the hurry can end it.
    await make('stubborn', { drainLimit: 60_000 }).start();
    await part.stop(AbortSignal.timeout(50));
    expect(part.pid).toBeUndefined();
  });

  it('stays down when it is stopped between an end and the next start', async () => {
    await make('well').start();
    process.kill(part.pid!, 'SIGKILL');
    await until(() => events.length === 1);
    await part.stop(NEVER);
    await sleep(400);
    expect(part.pid).toBeUndefined();
    expect(events).toHaveLength(1);
  });
});
