import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const ROOT = join(import.meta.dirname, '../..');

/** The program under test, as `npm start` runs it once everything is built. */
export const SERVE_ENTRY = join(ROOT, 'dist/apps/cli/src/main.js');

/** How a run of `attune serve` ended. */
export interface Ended {
  readonly code: number | null;
  /** Everything that was on the screen. */
  readonly screen: string;
}

/** A real supervisor with everything below it, on a port and a data folder of its own. */
export class ServeProcess {
  private output = '';
  readonly ended: Promise<Ended>;

  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    private readonly dataFolder: string,
  ) {
    child.stdout!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    child.stderr!.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', (code) => resolve({ code, screen: this.output })));
  }

  /**
   * Starts `attune serve`; the environment of the test run does not leak in.
   * @param under program and arguments that run it, for example inside a namespace
   */
  static spawn(
    dataFolder: string,
    port: number,
    env: NodeJS.ProcessEnv = {},
    under: readonly string[] = [],
  ): ServeProcess {
    const [program, ...args] = [...under, process.execPath, SERVE_ENTRY, 'serve'];
    const child = spawn(program!, args, {
      cwd: ROOT,
      env: { PATH: process.env['PATH'], PORT: String(port), ATTUNE_DATA_DIR: dataFolder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ServeProcess(child, `http://127.0.0.1:${port}`, dataFolder);
  }

  get screen(): string {
    return this.output;
  }

  /** Waits for a text on the screen; rejects when the program ends without it. */
  async shows(text: string): Promise<void> {
    let isOver = false;
    void this.ended.then(() => (isOver = true));
    while (!this.output.includes(text)) {
      if (isOver) throw new Error(`It ended without saying "${text}":\n${this.output}`);
      await sleep(20);
    }
  }

  /** Waits until the one screen is complete. */
  ready(): Promise<void> {
    return this.shows('Ctrl-C stops everything');
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Stops in order, as Ctrl-C does. */
  async stop(): Promise<Ended> {
    this.kill('SIGINT');
    return this.ended;
  }

  /** Process ids of the API and the worker. */
  async parts(): Promise<number[]> {
    const lock = JSON.parse(await readFile(join(this.dataFolder, 'attune.lock'), 'utf8')) as {
      parts: { pid: number }[];
    };
    return lock.parts.map(({ pid }) => pid);
  }

  /** Process id of PostgreSQL; the cluster is elsewhere when root's temporary folder is private. */
  async postgres(): Promise<number> {
    const record = JSON.parse(await readFile(join(this.dataFolder, 'postgres.json'), 'utf8')) as { folder: string };
    const folder = record.folder.startsWith('/') ? record.folder : join(this.dataFolder, record.folder);
    return Number((await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]);
  }
}

/** Tells whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A port on 127.0.0.1 that is free at this moment. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
