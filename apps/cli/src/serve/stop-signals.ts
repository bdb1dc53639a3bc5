const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * npm hands a signal on to its child, and a Ctrl-C in the terminal reaches both: what comes within this time of the
 * first signal is the same wish, in milliseconds.
 */
const SAME_WISH = 500;

/** The wish to stop, as it comes from the terminal or from the system. */
export class StopSignals {
  private readonly asked = new AbortController();
  private readonly impatient = new AbortController();
  private firstAt = 0;

  constructor(private readonly onHurry: () => void) {
    for (const signal of SIGNALS) process.on(signal, this.receive);
  }

  /** Aborted by the first signal. */
  get stop(): AbortSignal {
    return this.asked.signal;
  }

  /** Aborted by a second one: do not wait for anybody. */
  get hurry(): AbortSignal {
    return this.impatient.signal;
  }

  private readonly receive = (): void => {
    const now = performance.now();
    if (!this.asked.signal.aborted) {
      this.firstAt = now;
      this.asked.abort();
    } else if (now - this.firstAt > SAME_WISH && !this.impatient.signal.aborted) {
      this.onHurry();
      this.impatient.abort();
    }
  };
}
