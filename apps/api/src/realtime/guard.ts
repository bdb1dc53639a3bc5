import { fail, type Failure } from '#libs/kernel';
import { socketLimits } from '#libs/contracts';

/**
 * Bounds what one socket may ask: a token bucket for rate, a count for backlog, a bound for size. A socket that keeps
 * running into them is to be closed.
 */
export class SocketGuard {
  private tokens: number = socketLimits.burst;
  private refilledAt: number;
  private waiting = 0;
  private strikes = 0;
  private strikesSince: number;

  constructor(now: number) {
    this.refilledAt = now;
    this.strikesSince = now;
  }

  /** Lets a request in, or says why not. Who was let in must call `leave`. */
  enter(now: number, bytes: number): Failure | null {
    this.tokens = Math.min(
      socketLimits.burst,
      this.tokens + ((now - this.refilledAt) / 1000) * socketLimits.requestsPerSecond,
    );
    this.refilledAt = now;
    if (bytes > socketLimits.messageBytes) {
      return this.strike(
        now,
        fail('TOO_LARGE', `A message may have ${socketLimits.messageBytes} bytes; this one has ${bytes}.`),
      );
    }
    if (this.tokens < 1) return this.strike(now, fail('RATE_LIMITED', undefined, { retryAfterSeconds: 1 }));
    if (this.waiting >= socketLimits.backlog) {
      return this.strike(
        now,
        fail('RATE_LIMITED', `Wait for an answer: ${socketLimits.backlog} requests are open.`, {
          retryAfterSeconds: 1,
        }),
      );
    }
    this.tokens--;
    this.waiting++;
    return null;
  }

  leave(): void {
    this.waiting--;
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }

  /** Notes a refusal that a well-behaved client would not get. */
  strike(now: number, failure: Failure): Failure {
    if (now - this.strikesSince > 60_000) {
      this.strikes = 0;
      this.strikesSince = now;
    }
    this.strikes++;
    return failure;
  }

  /** Whether the socket has run into the limits too often. */
  get spent(): boolean {
    return this.strikes >= socketLimits.strikes;
  }
}
