import type { Inference, InferenceOptions, InferenceRefusal, NotInferred, RunnableModel, Tensor } from '#libs/models';
import { notInferred } from '../not-inferred.js';

/** One example that somebody waits for. It is answered once: by its outputs, or because time or patience ran out. */
export class Ticket {
  readonly answer: Promise<Inference | NotInferred>;
  /** Set after a failure in company: it is tried again, by itself. */
  isAlone = false;
  isSettled = false;
  private resolve!: (answer: Inference | NotInferred) => void;
  private reject!: (error: unknown) => void;
  private readonly timer: NodeJS.Timeout;
  private readonly onAbort = (): void => this.refuse('cancelled', 'Whoever asked no longer wants it.');

  /** @param onSettled told once, when it has its answer */
  constructor(
    readonly model: RunnableModel,
    readonly input: Tensor,
    private readonly options: InferenceOptions & { readonly timeout: number },
    private readonly onSettled: (ticket: Ticket) => void,
  ) {
    this.answer = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    const { timeout, signal } = options;
    this.timer = setTimeout(() => this.refuse('too-slow', `There was no answer within ${timeout} ms.`), timeout);
    signal?.addEventListener('abort', this.onAbort, { once: true });
    if (signal?.aborted) this.onAbort();
  }

  refuse(reason: InferenceRefusal, detail: string): void {
    this.settle(notInferred(reason, detail));
  }

  settle(answer: Inference | NotInferred): void {
    this.end(() => this.resolve(answer));
  }

  /** Throws at whoever waits what nobody expected. */
  fail(error: unknown): void {
    this.end(() => this.reject(error));
  }

  private end(tell: () => void): void {
    if (this.isSettled) return;
    this.isSettled = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.onAbort);
    tell();
    this.onSettled(this);
  }
}
