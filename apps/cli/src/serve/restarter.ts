import { setTimeout as sleep } from 'node:timers/promises';
import { lastLines } from './log-file.js';
import { RestartPolicy } from './restart-policy.js';

/** What happened to a part of Attune after it had started. */
export type PartEvent =
  | { readonly kind: 'ended'; readonly how: string; readonly restartIn: number }
  | { readonly kind: 'did-not-start'; readonly why: string; readonly restartIn: number }
  | { readonly kind: 'back'; readonly after: number }
  | { readonly kind: 'gave-up'; readonly how: string; readonly ends: number; readonly lines: readonly string[] };

/** Starts a part again when it ends by itself, until it is stopped or given up. */
export class Restarter {
  private readonly policy = new RestartPolicy();
  private readonly stopping = new AbortController();
  private work: Promise<void> = Promise.resolve();

  /**
   * @param start starts the part once; rejects with a sentence when it does not come up
   * @param logFile whose last lines explain a part that was given up
   */
  constructor(
    private readonly start: () => Promise<void>,
    private readonly logFile: string,
    private readonly onEvent: (event: PartEvent) => void,
  ) {}

  /** Aborted when the part is to stay down. */
  get signal(): AbortSignal {
    return this.stopping.signal;
  }

  /**
   * The part has ended; nothing happens when it was meant to.
   * @param how in words: a signal, an exit code
   * @param lived how long it had run, in milliseconds
   */
  ended(how: string, lived: number): void {
    this.work = this.work.then(() => this.bringBack(how, lived));
  }

  /** Ends all restarting; when this resolves, no start is under way any more. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.work;
  }

  private async bringBack(how: string, lived: number): Promise<void> {
    const ended = performance.now();
    let restartIn = this.policy.afterEnd(lived);
    if (restartIn !== null && !this.signal.aborted) this.onEvent({ kind: 'ended', how, restartIn });
    while (restartIn !== null && !this.signal.aborted) {
      try {
        await sleep(restartIn, undefined, { signal: this.signal });
        await this.start();
        return this.onEvent({ kind: 'back', after: performance.now() - ended });
      } catch (error) {
        if (this.signal.aborted) return;
        how = error instanceof Error ? error.message : String(error);
        restartIn = this.policy.afterEnd(0);
        if (restartIn !== null) this.onEvent({ kind: 'did-not-start', why: how, restartIn });
      }
    }
    if (this.signal.aborted) return;
    const lines = await lastLines(this.logFile, 15);
    this.onEvent({ kind: 'gave-up', how, ends: this.policy.ends, lines });
  }
}
