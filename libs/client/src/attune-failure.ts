import type { FailureCode, FailureIssue } from '#libs/contracts';

/** A refusal by the server, or the lack of an answer; `code` is one of docs/error-codes.md. */
export class AttuneFailure extends Error {
  override readonly name = 'AttuneFailure';

  constructor(
    readonly code: FailureCode,
    message: string,
    /** Where in the input each problem stands. */
    readonly issues: readonly FailureIssue[] = [],
    /** Seconds after which a new try makes sense. */
    readonly retryAfterSeconds: number | null = null,
  ) {
    super(message);
  }

  /** Whether nothing was wrong with the request itself, so that the same one may be sent again. */
  get isPassing(): boolean {
    return this.code === 'UNAVAILABLE' || this.code === 'BUSY' || this.code === 'RATE_LIMITED';
  }

  /** Whether the same request would be refused again. */
  get isFinal(): boolean {
    return !this.isPassing && this.code !== 'INTERNAL';
  }
}

/** Reads a failure from any shape in which it travels; null when the value is none. */
export function readFailure(value: unknown): AttuneFailure | null {
  if (typeof value !== 'object' || value === null) return null;
  const { code, message, issues, retryAfterSeconds } = value as Record<string, unknown>;
  if (typeof code !== 'string' || typeof message !== 'string') return null;
  return new AttuneFailure(
    code as FailureCode,
    message,
    Array.isArray(issues) ? (issues as FailureIssue[]) : [],
    typeof retryAfterSeconds === 'number' ? retryAfterSeconds : null,
  );
}

/** What is thrown where no answer came. */
export function noAnswer(message: string): AttuneFailure {
  return new AttuneFailure('UNAVAILABLE', message);
}
