import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { identify, identifyPlace, isRunning, type ProcessIdentity } from './process-identity.js';
import { ServerLock } from './server-lock.js';

describe('ServerLock', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-lock-'));
    file = join(folder, 'attune.lock');
  });

  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  const gone: ProcessIdentity = { pid: process.pid, started: 'before the last start of this machine' };
  const leave = async (supervisor: ProcessIdentity, parts: ProcessIdentity[] = [], place?: string) =>
    writeFile(
      file,
      JSON.stringify({ supervisor, place: place ?? (await identifyPlace()), url: 'http://127.0.0.1:3000', parts }),
    );
  const quick = { beat: 20, watch: 400 };

  it('is had by one at a time, and by the next when it was given back', async () => {
    const lock = await ServerLock.take(file, 'http://127.0.0.1:3000');
    await expect(ServerLock.take(file, 'http://127.0.0.1:3001')).rejects.toThrow(
      `Attune already runs on this data folder, at http://127.0.0.1:3000 (process ${process.pid}).`,
    );
    await lock.release();
    await (await ServerLock.take(file, 'http://127.0.0.1:3001')).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not believe a file whose process is gone, though another one has its id now', async () => {
    await leave(gone);
    await (await ServerLock.take(file, '')).release();
  });

  it('does not believe a file that is damaged', async () => {
    await writeFile(file, '{"superv');
    await (await ServerLock.take(file, '')).release();
  });

  it('ends what a supervisor that is gone has left running, and nothing else', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    const left = (await identify(child.pid!))!;
    const other = (await identify(bystander.pid!))!;
    await leave(gone, [left, { ...other, started: 'at another time' }]);

    await (await ServerLock.take(file, '')).release();
    expect(await isRunning(left)).toBe(false);
    expect(await isRunning(other)).toBe(true);
    bystander.kill();
  });

  it('is not taken from a process of another container, which cannot be found here, while that touches it', async () => {
    await leave(gone, [], 'another container');
    const touching = setInterval(() => void utimes(file, new Date(), new Date()), quick.beat);
    let watched = 0;
    const taking = ServerLock.take(file, '', { onWatch: () => watched++ }, quick);
    await expect(taking).rejects.toThrow('Attune already runs on this data folder');
    clearInterval(touching);
    expect(watched).toBe(1);
  });

  it('is taken from another container when nobody touches it, and no process of the same number is ended', async () => {
    const bystander = (await identify(process.pid))!;
    await leave(gone, [bystander], 'another container');
    await (await ServerLock.take(file, '', {}, quick)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is touched while it is held, and says when another one has taken it', async () => {
    let lost = 0;
    const lock = await ServerLock.take(file, '', { onLost: () => lost++ }, quick);
    await utimes(file, 0, 0);
    while ((await stat(file)).mtimeMs === 0) await sleep(5);
    await leave(gone, [], 'another container');
    while (lost === 0) await sleep(5);
    await lock.release();
    expect(await readFile(file, 'utf8')).toContain('another container');
  });

  it('goes to one of many that find the same stale file', async () => {
    for (let time = 0; time < 20; time++) {
      await leave(gone);
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => ServerLock.take(file, '')));
      const taken = results.filter((result) => result.status === 'fulfilled');
      expect(taken).toHaveLength(1);
      await taken[0]!.value.release();
    }
    expect(await readdir(folder), 'nothing is left behind').toEqual([]);
  });
});
