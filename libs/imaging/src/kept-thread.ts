import { ThreadLost, WorkerThread } from './worker-thread.js';

export interface KeptThreadOptions {
  /** The file of the thread: beside another one, as source or as it was built. */
  readonly inside: URL;
  /** What the thread is started with. */
  readonly settings: object;
  /** Milliseconds that its start may take. */
  readonly startMs: number;
  /** Bytes of its libraries from which it is replaced after an answer. */
  readonly recycleBytes: number;
  /** Bytes of JavaScript heap. */
  readonly heapBytes: number;
}

/** Nothing was answered, and why. */
export interface Unanswered {
  readonly kind: 'unanswered';
  readonly fault: 'too-slow' | 'crashed';
  readonly detail: string;
}

/**
 * Keeps a thread as long as it is good: it is started when there is something to do, ended when it takes too long, and replaced
 * when it has crashed or holds too much memory. Whatever happens to it, the next request is answered.
 */
export class KeptThread<Request, Answer extends { readonly heldBytes: number }> {
  private thread: WorkerThread<Request, Answer> | null = null;
  private isClosed = false;

  constructor(private readonly options: KeptThreadOptions) {}

  /**
   * Asks for something, when nothing else is being asked.
   * @param start what is asked of a new thread first, within the time of its start
   * @param withinMs milliseconds
   */
  async ask(
    start: Request,
    request: Request,
    withinMs: number,
    transfer: readonly ArrayBuffer[],
  ): Promise<Answer | Unanswered> {
    if (this.isClosed) return { kind: 'unanswered', fault: 'crashed', detail: 'It was closed.' };
    const { inside, settings, startMs, recycleBytes, heapBytes } = this.options;
    const held = this.thread;
    const thread = held ?? new WorkerThread<Request, Answer>(inside, settings, heapBytes);
    this.thread = thread;
    try {
      if (held === null) await thread.ask(start, startMs, []);
      return await thread.ask(request, withinMs, transfer);
    } catch (error) {
      if (!(error instanceof ThreadLost)) throw error;
      const fault = error.fault === 'too-slow' ? 'too-slow' : 'crashed';
      return { kind: 'unanswered', fault, detail: error.message };
    } finally {
      if (thread.heldBytes > recycleBytes || thread.isLost) {
        this.thread = null;
        await thread.close();
      }
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
    await this.thread?.close();
    this.thread = null;
  }
}

/** The file of a thread beside a module: a test runs the sources, with a loader that its threads inherit. */
export function besideModule(url: string, name: string): URL {
  return new URL(`./${name}.${url.endsWith('.ts') ? 'ts' : 'js'}`, url);
}
