import { Worker } from 'node:worker_threads';

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

/** An answer, with the bytes that the libraries of its thread hold now: they never become fewer. */
interface Held {
  readonly heldBytes: number;
}

/** A thread with libraries in it that are better alone, such as OpenCV. It answers one request at a time. */
export class WorkerThread<Request, Answer extends Held> {
  /** Bytes that its libraries hold, as far as is known. */
  heldBytes = 0;
  private readonly worker: Worker;
  private waiting: { resolve(answer: Answer): void; reject(lost: ThreadLost): void } | null = null;
  private lost: ThreadLost | null = null;

  /** @param inside the file of the thread @param settings what it is started with @param heapBytes of JavaScript, at most */
  constructor(inside: URL, settings: object, heapBytes: number) {
    this.worker = new Worker(inside, {
      workerData: settings,
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: Math.ceil(heapBytes / 1024 ** 2) },
    });
    this.worker.unref();
    this.worker.on('message', (answer: Answer) => {
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
  async ask(request: Request, withinMs: number, transfer: readonly ArrayBuffer[]): Promise<Answer> {
    if (this.lost !== null) throw this.lost;
    const patience = setTimeout(() => {
      this.end(new ThreadLost('too-slow', `There was no answer within ${withinMs} ms.`));
    }, withinMs);
    this.worker.ref();
    try {
      return await new Promise<Answer>((resolve, reject) => {
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
    this.end(new ThreadLost('closed', 'It was closed.'));
    await this.worker.terminate();
  }

  private end(lost: ThreadLost): void {
    if (this.lost !== null) return;
    this.lost = lost;
    this.waiting?.reject(lost);
    void this.worker.terminate();
  }
}
