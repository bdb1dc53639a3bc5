import { Worker } from 'node:worker_threads';
import type { ThreadAnswer, ThreadRequest, ThreadSettings } from './messages.js';

/** A thread is gone: it crashed, or was ended because it did not answer. What it was working on has no answer. */
export class ThreadLost extends Error {
  constructor(
    readonly fault: 'crashed' | 'too-slow' | 'closed',
    message: string,
  ) {
    super(message);
    this.name = 'ThreadLost';
  }
}

/** Beside this file: a test runs the sources, with a loader that its threads inherit. */
const inside = new URL(import.meta.url.endsWith('.ts') ? './photo.worker.ts' : './photo.worker.js', import.meta.url);

/** A thread with OpenCV in it. It answers one request at a time. */
export class PhotoThread {
  /** Bytes that OpenCV holds, as far as is known. */
  heldBytes = 0;
  private readonly worker: Worker;
  private waiting: { resolve(answer: ThreadAnswer): void; reject(lost: ThreadLost): void } | null = null;
  private lost: ThreadLost | null = null;

  constructor(settings: ThreadSettings, heapBytes: number) {
    this.worker = new Worker(inside, {
      workerData: settings,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 1024 ** 2) },
    });
    this.worker.unref();
    this.worker.on('message', (answer: ThreadAnswer) => {
      this.heldBytes = answer.heldBytes;
      this.waiting?.resolve(answer);
    });
    this.worker.on('error', (error) => this.end(new ThreadLost('crashed', `A thread has crashed: ${error.message}`)));
    this.worker.on('exit', (code) => this.end(new ThreadLost('crashed', `A thread has ended with code ${code}.`)));
  }

  get isLost(): boolean {
    return this.lost !== null;
  }

  /**
   * Asks the thread for something, when nothing else is being asked; it is ended if it does not answer.
   * @param withinMs milliseconds
   * @throws {ThreadLost}
   */
  async ask(request: ThreadRequest, withinMs: number, transfer: readonly ArrayBuffer[]): Promise<ThreadAnswer> {
    if (this.lost !== null) throw this.lost;
    const patience = setTimeout(() => {
      this.end(new ThreadLost('too-slow', `There was no answer within ${withinMs} ms.`));
    }, withinMs);
    this.worker.ref();
    try {
      return await new Promise<ThreadAnswer>((resolve, reject) => {
        this.waiting = { resolve, reject };
        this.worker.postMessage(request, transfer);
      });
    } finally {
      clearTimeout(patience);
      this.waiting = null;
      this.worker.unref();
    }
  }

  /** Ends the thread, and resolves when its memory is free. */
  async close(): Promise<void> {
    this.end(new ThreadLost('closed', 'The measurer was closed.'));
    await this.worker.terminate();
  }

  private end(lost: ThreadLost): void {
    if (this.lost !== null) return;
    this.lost = lost;
    this.waiting?.reject(lost);
    void this.worker.terminate();
  }
}
