import type { Rng } from '#libs/kernel';

/**
 * When a learner's answers are due: on average one for each think time, at moments that do not wait for the server
 * (open loop), so that a slow server shows as lateness and not as a quieter class.
 */
export class Pace {
  private due: number;

  /** @param start by `performance.now()` */
  constructor(
    start: number,
    private readonly thinkMs: number,
    private readonly rng: Rng,
  ) {
    this.due = start + rng() * thinkMs;
  }

  /** Waits for the next moment and gives it; where it has passed already, it is given at once. */
  async next(signal: AbortSignal): Promise<number> {
    const { due } = this;
    this.due += this.thinkMs * (0.5 + this.rng());
    const wait = due - performance.now();
    if (wait > 0) await sleep(wait, signal);
    // Without a think time there is no plan to be late against.
    return this.thinkMs === 0 ? performance.now() : due;
  }
}

/** Sleeps, or less when the signal says so. */
export function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
