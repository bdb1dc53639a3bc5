import { fail, type Failure } from '#libs/kernel';
import { socketLimits, userLimits } from '#libs/contracts';

/** What may be asked: on average, at once, and before an answer has come. */
interface Limits {
  readonly requestsPerSecond: number;
  readonly burst: number;
  readonly backlog: number;
}

/** Bounds requests: a token bucket for rate, a count for backlog. */
export class Allowance {
  private tokens: number;
  private refilledAt: number;
  private waiting = 0;

  constructor(
    private readonly limits: Limits,
    now: number,
  ) {
    this.tokens = limits.burst;
    this.refilledAt = now;
  }

  /** Why one more request is too many; null where it is not. */
  refusal(now: number): Failure | null {
    const { requestsPerSecond, burst, backlog } = this.limits;
    this.tokens = Math.min(burst, this.tokens + ((now - this.refilledAt) / 1000) * requestsPerSecond);
    this.refilledAt = now;
    if (this.tokens < 1) return fail('RATE_LIMITED', undefined, { retryAfterSeconds: 1 });
    if (this.waiting < backlog) return null;
    return fail('RATE_LIMITED', `Wait for an answer: ${backlog} requests are open.`, { retryAfterSeconds: 1 });
  }

  enter(): void {
    this.tokens--;
    this.waiting++;
  }

  leave(): void {
    this.waiting--;
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.waiting > 0;
  }
}

/** What all sockets of each user may ask together; forgotten with the user's last socket. */
export class UserAllowances {
  private readonly held = new Map<string, { readonly allowance: Allowance; sockets: number }>();

  /** Number of users that are known. */
  get size(): number {
    return this.held.size;
  }

  /** The allowance that a user's sockets share. Who takes it must give it back. */
  take(userId: string, now: number): Allowance {
    const held = this.held.get(userId) ?? { allowance: new Allowance(userLimits, now), sockets: 0 };
    held.sockets++;
    this.held.set(userId, held);
    return held.allowance;
  }

  giveBack(userId: string): void {
    const held = this.held.get(userId);
    if (held !== undefined && --held.sockets === 0) this.held.delete(userId);
  }
}

/**
 * Bounds what one socket may ask, by itself and together with the user's other sockets, and the size of a message. A
 * socket that keeps running into the limits is to be closed.
 */
export class SocketGuard {
  private readonly own: Allowance;
  private strikes = 0;
  private strikesSince: number;

  constructor(
    now: number,
    private readonly shared: Allowance,
  ) {
    this.own = new Allowance(socketLimits, now);
    this.strikesSince = now;
  }

  /** Lets a request in, or says why not. Who was let in must call `leave`. */
  enter(now: number, bytes: number): Failure | null {
    if (bytes > socketLimits.messageBytes) {
      const words = `A message may have ${socketLimits.messageBytes} bytes; this one has ${bytes}.`;
      return this.strike(now, fail('TOO_LARGE', words));
    }
    const refusal = this.own.refusal(now) ?? this.shared.refusal(now);
    if (refusal !== null) return this.strike(now, refusal);
    this.own.enter();
    this.shared.enter();
    return null;
  }

  leave(): void {
    this.own.leave();
    this.shared.leave();
  }

  /** Whether a request is under way. */
  get isBusy(): boolean {
    return this.own.isBusy;
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
