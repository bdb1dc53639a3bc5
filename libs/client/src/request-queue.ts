import { AttuneFailure, noAnswer, readFailure } from './attune-failure.js';

/** The line that requests go out on; `send` is called only while it is up. */
export interface RequestLine {
  send(request: string, body: object, answered: (answer: unknown) => void): void;
  /** Gets the line a token that the server accepts again. */
  renewToken(): Promise<void>;
}

/** How long a request may take. */
export interface Patience {
  /** After this long without an answer, a request is sent again, in milliseconds. */
  readonly attemptMs: number;
  /** After this long its caller is told that there is no answer, in milliseconds; Infinity waits for ever. */
  readonly patienceMs: number;
}

interface Pending {
  readonly request: string;
  readonly body: object;
  readonly lane: string;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (failure: AttuneFailure) => void;
  state: 'waiting' | 'sent' | 'resting' | 'done';
  attempts: number;
  attemptTimer?: Timer;
  patienceTimer?: Timer;
}

type Timer = ReturnType<typeof setTimeout>;

/** Requests that may be on their way at once; the server allows more. */
const atOnce = 16;
const shortestRest = 250;
const longestRest = 10_000;

/**
 * Keeps each request until it is answered and sends it again, with the same id, after a lost connection, a lost answer
 * or a passing refusal. Requests that concern one session go one after another, in the order in which they were asked,
 * so that what was done offline arrives as it happened.
 */
export class RequestQueue {
  private readonly pending = new Set<Pending>();
  private isUp = false;

  constructor(
    private readonly line: RequestLine,
    private readonly patience: Patience,
  ) {}

  /** Number of requests that have no answer yet. */
  get size(): number {
    return this.pending.size;
  }

  ask(request: string, body: object, patienceMs = this.patience.patienceMs): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const one: Pending = {
        request,
        body,
        lane: laneOf(request, body),
        resolve,
        reject,
        state: 'waiting',
        attempts: 0,
      };
      if (Number.isFinite(patienceMs)) {
        const words = `No answer to ${request} within ${patienceMs} ms. It may have been recorded: send the same id again.`;
        one.patienceTimer = setTimeout(() => this.settle(one, noAnswer(words)), patienceMs);
      }
      this.pending.add(one);
      this.flush();
    });
  }

  /** The line is up: whatever has no answer goes out again. */
  up(): void {
    this.isUp = true;
    for (const one of this.pending) {
      clearTimeout(one.attemptTimer);
      one.state = 'waiting';
    }
    this.flush();
  }

  /** The line is down: everything waits. */
  down(): void {
    this.isUp = false;
    for (const one of this.pending) clearTimeout(one.attemptTimer);
  }

  /** Gives everything up, with one reason. */
  abandon(failure: AttuneFailure): void {
    this.isUp = false;
    for (const one of this.pending) this.settle(one, failure);
  }

  private flush(): void {
    if (!this.isUp) return;
    const busy = new Set<string>();
    let sent = 0;
    for (const one of this.pending) if (one.state === 'sent') sent++;
    for (const one of this.pending) {
      if (sent >= atOnce) return;
      if (one.state === 'waiting' && !busy.has(one.lane)) {
        this.send(one);
        sent++;
      }
      busy.add(one.lane);
    }
  }

  private send(one: Pending): void {
    one.state = 'sent';
    one.attempts++;
    one.attemptTimer = setTimeout(() => this.rest(one, 0), this.patience.attemptMs);
    this.line.send(one.request, one.body, (answer) => {
      if (one.state === 'done') return;
      clearTimeout(one.attemptTimer);
      const failure = isFailureAnswer(answer) ? readFailure(answer) : null;
      if (failure === null) this.settle(one, answer);
      else if (failure.isPassing) this.rest(one, restBefore(one.attempts, failure.retryAfterSeconds));
      else if (failure.code === 'UNAUTHENTICATED') void this.renewAndSend(one);
      else this.settle(one, failure);
    });
  }

  /** Sends again after a rest. */
  private rest(one: Pending, milliseconds: number): void {
    one.state = 'resting';
    one.attemptTimer = setTimeout(() => {
      if (one.state !== 'resting') return;
      one.state = 'waiting';
      this.flush();
    }, milliseconds);
  }

  private async renewAndSend(one: Pending): Promise<void> {
    one.state = 'resting';
    try {
      await this.line.renewToken();
      if (one.state === 'resting') this.rest(one, one.attempts === 1 ? 0 : restBefore(one.attempts, null));
    } catch (error) {
      // A line that breaks or a server that starts again ends no sign-in: the request goes on waiting.
      if (error instanceof AttuneFailure && error.isFinal) this.settle(one, error);
      else if (one.state === 'resting') this.rest(one, restBefore(one.attempts, null));
    }
  }

  private settle(one: Pending, outcome: unknown): void {
    if (one.state === 'done') return;
    one.state = 'done';
    clearTimeout(one.attemptTimer);
    clearTimeout(one.patienceTimer);
    this.pending.delete(one);
    if (outcome instanceof AttuneFailure) one.reject(outcome);
    else one.resolve(outcome);
    this.flush();
  }
}

/** What goes one after another: everything of a session, and else what has one id. */
function laneOf(request: string, body: object): string {
  const { sessionId, id } = body as { sessionId?: string; id?: string };
  return sessionId ?? id ?? request;
}

function restBefore(attempts: number, retryAfterSeconds: number | null): number {
  if (retryAfterSeconds !== null) return retryAfterSeconds * 1000;
  return Math.min(longestRest, shortestRest * 2 ** Math.min(attempts, 10)) * (0.75 + Math.random() / 2);
}

function isFailureAnswer(answer: unknown): boolean {
  return typeof answer === 'object' && answer !== null && (answer as { kind?: unknown }).kind === 'failure';
}
