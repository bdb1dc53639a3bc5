import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest } from './messages.js';

/** A thread is gone: it crashed, or was ended because it did not answer. What it was working on has no answer. */
export class ThreadLost extends Error {
  constructor(
    readonly fault: 'crashed' | 'stuck' | 'closed',
    message: string,
  ) {
    super(message);
    this.name = 'ThreadLost';
  }
}

/** How long the end of a thread is waited for: Node can interrupt JavaScript, but no native call. */
const closeMs = 5_000;

/** Beside this file, in the sources as in dist. */
const inside = new URL('./engine.worker.mjs', import.meta.url);

/** A model in a thread. */
export interface HeldModel {
  /** Of its files. */
  readonly bytes: number;
  /** Milliseconds on the clock of `performance`. */
  usedAt: number;
}

/** What a thread is doing. */
export interface Work {
  readonly key: string;
  readonly done: Promise<void>;
  /** Whether the model is to be let go when it is done. */
  isLast: boolean;
}

/** Where an engine comes from. */
export interface EngineSource {
  /** The module whose default export opens it. */
  readonly module: URL;
  /** What it is told. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** A thread with an engine in it, and what it holds. It answers in the order of the requests, one after the other. */
export class EngineThread {
  readonly models = new Map<string, HeldModel>();
  /** Set by whoever gives it work; null while it is free. */
  work: Work | null = null;
  /** What it was given already, of the same model, to begin when that is done; null where it is to be given work then. */
  ahead: Work | null = null;
  private readonly worker: Worker;
  private readonly waiting: { resolve(answer: ThreadAnswer): void; reject(lost: ThreadLost): void }[] = [];
  private lost: ThreadLost | null = null;

  /** @param heapBytes of JavaScript, at most */
  constructor({ module, settings = {} }: EngineSource, heapBytes: number) {
    // Nothing of this process's settings and secrets, and none of its own flags, is for a thread that runs strangers' models.
    const { TMPDIR, TMP, TEMP } = process.env;
    const env = { ...(TMPDIR && { TMPDIR }), ...(TMP && { TMP }), ...(TEMP && { TEMP }) };
    this.worker = new Worker(inside, {
      workerData: { engine: module.href, settings },
      execArgv: [],
      env,
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 1024 ** 2) },
    });
    this.worker.unref();
    this.worker.on('message', (answer: ThreadAnswer) => this.waiting.shift()?.resolve(answer));
    this.worker.on('error', (error) => this.end(new ThreadLost('crashed', `A thread has crashed: ${error.message}`)));
    this.worker.on('exit', (code) => this.end(new ThreadLost('crashed', `A thread has ended with code ${code}.`)));
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  /**
   * Asks the thread for something; it is ended as stuck if it does not answer. The process stays while it does.
   * @param withinMs milliseconds
   * @throws {ThreadLost}
   */
  async ask(request: ThreadRequest, withinMs: number, transfer: readonly ArrayBuffer[] = []): Promise<ThreadAnswer> {
    if (this.lost !== null) throw this.lost;
    const patience = setTimeout(() => {
      this.end(new ThreadLost('stuck', `A thread did not answer within ${withinMs} ms and was ended.`));
    }, withinMs);
    this.worker.ref();
    try {
      return await new Promise<ThreadAnswer>((resolve, reject) => {
        this.worker.postMessage(request, transfer); // throws for what cannot travel, and then nothing is waited for
        this.waiting.push({ resolve, reject });
      });
    } finally {
      clearTimeout(patience);
      if (this.waiting.length === 0) this.worker.unref();
    }
  }

  /** Ends the thread. One that is inside a native call ends when that returns, which is not waited for long. */
  async close(): Promise<void> {
    this.end(new ThreadLost('closed', 'The runtime was closed.'));
    const patience = new Promise((resolve) => setTimeout(resolve, closeMs).unref());
    await Promise.race([this.worker.terminate(), patience]);
  }

  private end(lost: ThreadLost): void {
    if (this.lost !== null) return;
    this.lost = lost;
    for (const { reject } of this.waiting.splice(0)) reject(lost);
    this.models.clear();
    void this.worker.terminate();
  }
}
