import { type ChildProcess, spawn } from 'node:child_process';
import { open } from 'node:fs/promises';
import { lastLines } from './log-file.js';
import { parsePartMessage } from './part-message.js';
import { type PartEvent, Restarter } from './restarter.js';

/** A process of ours: the API or the worker. */
export interface PartOptions {
  /** As it is called on the screen. */
  readonly name: string;
  /** Absolute path of its main.js. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** Its output is added to this file. */
  readonly logFile: string;
  /** Resolves when the part, which has said that it is ready, really answers. */
  readonly probe?: (signal: AbortSignal) => Promise<void>;
  /** Told when `pid` is another one, before the part is ready. */
  readonly onSpawn?: () => void;
  /** How long it may take to become ready, and to stop, in milliseconds. */
  readonly startLimit: number;
  readonly drainLimit: number;
}

/** A part did not become ready: why, in a sentence, and the last lines of its log. */
export class PartNotReady extends Error {
  override readonly name = 'PartNotReady';

  constructor(
    message: string,
    readonly lines: readonly string[],
  ) {
    super(message);
  }
}

/** How many lines of its log explain why a part did not start. */
const EXPLAINING_LINES = 15;

/**
 * Keeps one part running. It is detached into a process group of its own, so that a Ctrl-C in the terminal reaches the
 * supervisor only, which stops the parts in the right order.
 */
export class Part {
  private child: ChildProcess | undefined;
  private readonly restarter: Restarter;

  /** @param onEvent told when the part ends by itself, is back, or is given up */
  constructor(
    private readonly options: PartOptions,
    onEvent: (event: PartEvent) => void,
  ) {
    this.restarter = new Restarter(() => this.start(), options.logFile, onEvent);
  }

  /** Process id, while it runs. */
  get pid(): number | undefined {
    return this.child && isRunning(this.child) ? this.child.pid : undefined;
  }

  /**
   * Starts the part and waits until it is ready; from then on it is started again whenever it ends.
   * @throws PartNotReady, or the reason of the abort when it was stopped meanwhile
   */
  async start(): Promise<void> {
    const child = await this.spawn();
    try {
      await this.waitUntilReady(child);
    } catch (error) {
      killGroup(child);
      throw error;
    }
    const ready = performance.now();
    const ended = () => this.restarter.ended(describeEnd(child), performance.now() - ready);
    if (isRunning(child)) child.once('exit', ended);
    else ended();
  }

  /** Lets the part finish what it is doing and end; after its limit, or when `hurry` is aborted, it is killed. */
  async stop(hurry: AbortSignal): Promise<void> {
    const restarting = this.restarter.stop();
    const child = this.child;
    if (child && isRunning(child)) await drain(child, this.options.drainLimit, hurry);
    await restarting;
  }

  private async spawn(): Promise<ChildProcess> {
    const { entry, env, logFile, onSpawn } = this.options;
    const log = await open(logFile, 'a', 0o600);
    if (this.restarter.signal.aborted) await log.close();
    this.restarter.signal.throwIfAborted();
    const child = spawn(process.execPath, [entry], {
      detached: true,
      env,
      stdio: ['ignore', log.fd, log.fd, 'ipc'],
    });
    child.on('error', () => undefined); // an exit, or the lack of a message, tells the same
    this.child = child;
    onSpawn?.();
    await log.close();
    return child;
  }

  private async waitUntilReady(child: ChildProcess): Promise<void> {
    const { name, startLimit, probe } = this.options;
    const stopping = this.restarter.signal;
    const limit = new AbortController();
    const abort = () => limit.abort();
    const timer = setTimeout(abort, startLimit);
    if (stopping.aborted) abort();
    stopping.addEventListener('abort', abort, { once: true });
    try {
      const failure = await firstWord(child, limit.signal);
      stopping.throwIfAborted();
      if (failure !== null) throw await this.notReady(`The ${name} did not start: ${failure}`);
      await probe?.(limit.signal).catch(async () => {
        stopping.throwIfAborted();
        throw await this.notReady(`The ${name} started, but was not healthy within ${startLimit / 1000} seconds.`);
      });
    } finally {
      clearTimeout(timer);
      stopping.removeEventListener('abort', abort);
    }
  }

  private async notReady(sentence: string): Promise<PartNotReady> {
    return new PartNotReady(sentence, await lastLines(this.options.logFile, EXPLAINING_LINES));
  }
}

/** Waits for a part to say that it is ready (null) or why it is not. */
function firstWord(child: ChildProcess, limit: AbortSignal): Promise<string | null> {
  return new Promise((resolve) => {
    child.on('message', (raw) => {
      const message = parsePartMessage(raw);
      if (message?.kind === 'ready') resolve(null);
      if (message?.kind === 'failed') resolve(message.reason);
    });
    child.once('exit', () => resolve(`it ended while it was starting (${describeEnd(child)}).`));
    const tooLong = () => resolve('it said nothing for too long.');
    if (limit.aborted) tooLong();
    limit.addEventListener('abort', tooLong, { once: true });
  });
}

async function drain(child: ChildProcess, drainLimit: number, hurry: AbortSignal): Promise<void> {
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const kill = () => killGroup(child);
  const timer = setTimeout(kill, drainLimit);
  hurry.addEventListener('abort', kill, { once: true });
  child.kill('SIGTERM');
  if (hurry.aborted) kill();
  await gone;
  clearTimeout(timer);
  hurry.removeEventListener('abort', kill);
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function describeEnd(child: ChildProcess): string {
  return child.signalCode ? `signal ${child.signalCode}` : `exit code ${child.exitCode ?? 'unknown'}`;
}

/** The group of the child is its own (it is detached), so helpers that it has started end with it. */
function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // it has ended already
  }
}
