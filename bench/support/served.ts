import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

const entry = join(import.meta.dirname, '../../apps/cli/src/main.js');

/** Everything that `npm start` runs once it is built, as one thing. */
export interface Served {
  readonly url: string;
  /** From the start of the process to the screen that says that all is ready, in milliseconds. */
  readonly startMs: number;
  /** Memory of each part in MiB: shared pages are divided among those who share them. */
  memory(): Promise<Record<string, number>>;
  stop(): Promise<void>;
}

/** Runs `attune serve` on a data folder and waits until it is ready. */
export async function serve(dataFolder: string): Promise<Served> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [entry, 'serve'], {
    env: { PATH: process.env['PATH'], PORT: String(port), ATTUNE_DATA_DIR: dataFolder },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  let screen = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      screen += chunk.toString();
      if (screen.includes('Ctrl-C stops everything')) resolve();
    });
    void ended.then(() => reject(new Error(`It ended before it was ready:\n${screen}`)));
  });
  const startMs = performance.now() - started;
  return {
    url: `http://127.0.0.1:${port}`,
    startMs,
    memory: async () => {
      const lock = await readFile(join(dataFolder, 'attune.lock'), 'utf8');
      const [api, worker] = (JSON.parse(lock) as { parts: { pid: number }[] }).parts;
      const children = await childrenOf(child.pid!);
      const postmaster = children.find((pid) => pid !== api!.pid && pid !== worker!.pid)!;
      const backends = await childrenOf(postmaster);
      const sizes = await Promise.all([postmaster, ...backends].map(sizeOf));
      return {
        supervisor: await sizeOf(child.pid!),
        api: await sizeOf(api!.pid),
        worker: await sizeOf(worker!.pid),
        postgresql: sizes.reduce((sum, size) => sum + size, 0),
      };
    },
    stop: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** Proportional set size of a process in MiB; 0 where it has just ended. */
async function sizeOf(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Math.round(Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1024);
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => {
    const stat = stats[index]!;
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === parent;
  });
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
