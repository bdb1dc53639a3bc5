import { fork, type ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { readyMessage } from './answer-parent.js';

/** Bounds of one request. */
export interface ProcessLimits {
  /** Milliseconds until the answer. */
  readonly time: number;
  /** Bytes of resident memory of the whole process, watched where the system tells (Linux). */
  readonly memory: number;
}

/**
 * Why a process is gone:
 * - not-started: it ended before it could be asked anything; the program is at fault, or the machine
 * - too-slow, out-of-memory: it was ended for going beyond a limit
 * - crashed: it ended by itself, over what it was asked
 * - interrupted: it was ended from outside, which says nothing of what it was asked
 * - closed: it was not wanted any more
 */
export type ProcessFault = 'not-started' | 'too-slow' | 'out-of-memory' | 'crashed' | 'interrupted' | 'closed';

/** A process is gone. What it was working on has no answer. */
export class ProcessLost extends Error {
  constructor(
    readonly fault: ProcessFault,
    message: string,
  ) {
    super(message);
    this.name = 'ProcessLost';
  }
}

/** Signals by which systems and people end processes; a process that fails by itself ends with others. */
const fromOutside: ReadonlySet<string> = new Set(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP']);

/** How often the memory of a process is looked at, in milliseconds. */
const watching = 50;
/**
 * Bytes of its own that the system lets a process have at most, also between two looks: twice its memory, because not all that it
 * has asked for is resident, and enough for Node in any case.
 */
const hardLimit = (memory: number): number => Math.max(2 * memory, memory + 512 * 1024 ** 2);

/**
 * A program in a process of its own, for what strangers have made: it gets no settings, no secrets and no database, and is ended
 * when it goes beyond its limits. Its program calls {@link answerParent}; it is asked one thing at a time. It keeps nobody
 * waiting: this process may end while nothing is being asked, and the other one ends with it. Its words are those of a process
 * that has run what a stranger made, so whoever asks looks at them too.
 */
export class ConfinedProcess {
  private readonly child: ChildProcess;
  private isReady = false;
  private lost: ProcessLost | null = null;
  private waiting: { resolve(message: unknown): void; reject(lost: ProcessLost): void } | null = null;
  private readonly starting: Promise<void>;
  private started: { resolve(): void; reject(lost: ProcessLost): void } = { resolve() {}, reject() {} };

  /**
   * @param entry absolute path of the program
   * @param memory bytes, the most that any request will be allowed
   */
  constructor(entry: string, memory: number) {
    this.child = startConfined(entry, memory);
    this.starting = new Promise((resolve, reject) => (this.started = { resolve, reject }));
    this.starting.catch(() => undefined);
    this.child.on('message', (message) => this.hear(message));
    this.child.on('error', ({ message }) => this.end(new ProcessLost('not-started', message)));
    this.child.on('exit', (code, signal) => this.end(this.lossOf(code, signal)));
    this.holdOn(false);
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  /**
   * Waits until it can be asked; a request may come before that, and its time runs then already.
   * @param withinMs milliseconds
   * @throws {ProcessLost}
   */
  start(withinMs: number): Promise<void> {
    return this.limited({ time: withinMs, memory: Infinity }, () => this.starting, 'not-started');
  }

  /**
   * Asks something, when nothing else is being asked. The process is ended if it does not answer within the limits.
   * @throws {ProcessLost}
   */
  ask(request: object, limits: ProcessLimits): Promise<unknown> {
    return this.limited(limits, () => {
      const answer = new Promise((resolve, reject) => (this.waiting = { resolve, reject }));
      // Where it cannot be sent, the process is gone, and its end tells that.
      this.child.send(request, () => undefined);
      return answer;
    });
  }

  /** Resident bytes; 0 where the system does not tell. */
  async residentBytes(): Promise<number> {
    const { pid } = this.child;
    if (process.platform !== 'linux' || pid === undefined) return 0;
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024;
  }

  /** Ends the process. */
  close(): void {
    this.end(new ProcessLost('closed', 'The process was closed.'));
  }

  private async limited<T>(
    { time, memory }: ProcessLimits,
    work: () => Promise<T>,
    late: ProcessFault = 'too-slow',
  ): Promise<T> {
    if (this.lost !== null) throw this.lost;
    const patience = setTimeout(() => this.end(new ProcessLost(late, `more than ${time / 1000} s in all`)), time);
    const watch = setInterval(() => {
      void this.residentBytes().then((used) => {
        if (used <= memory) return;
        this.end(new ProcessLost('out-of-memory', `more than ${Math.floor(memory / 1024 ** 2)} MiB`));
      });
    }, watching);
    this.holdOn(true);
    try {
      return await work();
    } finally {
      clearTimeout(patience);
      clearInterval(watch);
      this.waiting = null;
      this.holdOn(false);
    }
  }

  private hear(message: unknown): void {
    if (!this.isReady && message === readyMessage) {
      this.isReady = true;
      this.started.resolve();
    } else {
      this.waiting?.resolve(message);
    }
  }

  private lossOf(code: number | null, signal: string | null): ProcessLost {
    const how = `it ended with ${signal ?? code}`;
    if (signal !== null && fromOutside.has(signal)) return new ProcessLost('interrupted', how);
    return new ProcessLost(this.isReady ? 'crashed' : 'not-started', how);
  }

  private end(lost: ProcessLost): void {
    if (this.lost !== null) return;
    this.lost = lost;
    this.started.reject(lost);
    this.waiting?.reject(lost);
    this.child.kill('SIGKILL');
  }

  /** Whether this process stays for the sake of the other one. */
  private holdOn(does: boolean): void {
    if (does) {
      this.child.ref();
      this.child.channel?.ref();
    } else {
      this.child.unref();
      this.child.channel?.unref();
    }
  }
}

/** Half of the memory is for JavaScript. A shell sets the limit of the system, which bounds what a process has of its own. */
function startConfined(entry: string, memory: number): ChildProcess {
  // A program of the sources is read by the loader that reads this one.
  const flags = [
    ...(entry.endsWith('.ts') ? process.execArgv : []),
    `--max-old-space-size=${Math.floor(memory / 2 / 1024 ** 2)}`,
  ];
  const kibibytes = Math.ceil(hardLimit(memory) / 1024);
  const shell = ['-c', 'ulimit -d "$0" 2>/dev/null; exec "$@"', String(kibibytes), process.execPath, ...flags];
  return fork(entry, [], {
    cwd: tmpdir(),
    env: {},
    ...(process.platform === 'linux' ? { execPath: '/bin/sh', execArgv: shell } : { execArgv: flags }),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    serialization: 'advanced',
  });
}
