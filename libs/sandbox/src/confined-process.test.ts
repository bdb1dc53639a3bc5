import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { ConfinedProcess, ProcessLost } from './confined-process.js';

const entry = fileURLToPath(new URL('testing/unruly.process.ts', import.meta.url));
const mebibyte = 1024 ** 2;
const limits = { time: 8_000, memory: 256 * mebibyte };
const isLinux = process.platform === 'linux';

describe('a process for what strangers have made', () => {
  const processes: ConfinedProcess[] = [];
  const begin = (program = entry): ConfinedProcess => {
    const confined = new ConfinedProcess(program, limits.memory);
    processes.push(confined);
    return confined;
  };
  const lossOf = (work: Promise<unknown>): Promise<ProcessLost> =>
    work.then(
      () => expect.fail('It has answered.'),
      (error: ProcessLost) => error,
    );
  afterEach(() => processes.splice(0).forEach((each) => each.close()));

  it('answers, one thing after the other, with bytes as they are', async () => {
    const confined = begin();
    await confined.start(8_000);
    for (const bytes of [Uint8Array.of(1, 2), Uint8Array.of(3)]) {
      expect(await confined.ask({ does: 'echo', bytes }, limits)).toEqual({ echo: { does: 'echo', bytes } });
    }
  });

  it('gets no settings and no secrets', async () => {
    process.env['ATTUNE_SECRET'] = 'not for it';
    const told = (await begin().ask({ does: 'tell' }, limits)) as { env: Record<string, string>; folder: string };
    delete process.env['ATTUNE_SECRET'];
    expect(JSON.stringify(told.env)).not.toContain('not for it');
    expect(Object.keys(told.env)).not.toContain('PATH');
    expect(told.folder).not.toBe(process.cwd());
  });

  it('is ended when it does not answer in time, though nothing can interrupt it', async () => {
    const confined = begin();
    await confined.start(8_000);
    const lost = await lossOf(confined.ask({ does: 'spin' }, { ...limits, time: 200 }));
    expect(lost).toMatchObject({ fault: 'too-slow', message: 'more than 0.2 s in all' });
    expect(confined.isLost).toBe(true);
    expect(await lossOf(confined.ask({ does: 'echo' }, limits))).toBe(lost);
  });

  it('is ended when it takes more memory than it may', async ({ skip }) => {
    skip(!isLinux, 'memory is watched on Linux only');
    expect(await lossOf(begin().ask({ does: 'hoard' }, limits))).toMatchObject({
      fault: 'out-of-memory',
      message: 'more than 256 MiB',
    });
  });

  it('gets no more from the system than it may, not even at once', async ({ skip }) => {
    skip(!isLinux, 'the limit is one of Linux');
    expect((await lossOf(begin().ask({ does: 'grab' }, { ...limits, memory: Infinity }))).fault).toBe('crashed');
  });

  it('says why it is gone', async () => {
    expect(await lossOf(begin().ask({ does: 'throw' }, limits))).toMatchObject({ fault: 'crashed' });
    expect(await lossOf(begin().ask({ does: 'leave' }, limits))).toMatchObject({
      fault: 'crashed',
      message: 'it ended with 3',
    });
    expect(await lossOf(begin(`${entry}.gone.js`).start(8_000))).toMatchObject({ fault: 'not-started' });
  });

  it('tells an end from outside from one of its own', async () => {
    const confined = begin();
    const { pid } = (await confined.ask({ does: 'tell' }, limits)) as { pid: number };
    const lost = lossOf(confined.ask({ does: 'spin' }, limits));
    process.kill(pid, 'SIGKILL');
    expect(await lost).toMatchObject({ fault: 'interrupted' });
  });

  it('ends when it is closed, and what it was asked has no answer', async () => {
    const confined = begin();
    await confined.start(8_000);
    const lost = lossOf(confined.ask({ does: 'spin' }, limits));
    confined.close();
    expect(await lost).toMatchObject({ fault: 'closed' });
  });
});
