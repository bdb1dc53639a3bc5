import type { Logger } from 'pino';
import { assertUnreachable, fail, FailureError, isFailure, type Failure, type FailureCode } from '#libs/kernel';
import { isUnavailable } from '#libs/persistence';
import { frameworkRefusal } from './framework-refusal.js';

/** The outcome; a refusal is thrown, where the transport has no other place for it. */
export function orThrow<T>(outcome: T | Failure): T {
  if (isFailure(outcome)) throw new FailureError(outcome);
  return outcome;
}

/** HTTP status of a response that carries this failure and no data. */
export function statusOf(code: FailureCode): number {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'WRONG_CREDENTIALS':
      return 401;
    case 'FORBIDDEN':
    case 'FORBIDDEN_BY_LAW':
    case 'NOT_GRADED_BY_CLIENT':
    case 'OPERATION_NOT_PERSISTED':
      return 403;
    case 'NOT_FOUND':
    case 'UNKNOWN_OPERATION':
      return 404;
    case 'ID_REUSED':
    case 'TAKEN':
    case 'CHANGED_SINCE':
    case 'WRONG_STATE':
    case 'GATE_NOT_MET':
    case 'OFFER_ANSWERED':
    case 'SESSION_CLOSED':
    case 'ASSIGNMENT_CLOSED':
    case 'NO_MORE_ATTEMPTS':
    case 'NO_MORE_HINTS':
      return 409;
    case 'TOO_LARGE':
      return 413;
    case 'UNSUPPORTED_IMAGE':
      return 415;
    case 'RATE_LIMITED':
      return 429;
    case 'UNAVAILABLE':
    case 'BUSY':
      return 503;
    case 'INTERNAL':
      return 500;
    case 'INVALID_INPUT':
    case 'WRONG_ANSWER_KIND':
    case 'UNKNOWN_VERSION':
    case 'CYCLIC_PREREQUISITES':
    case 'QUERY_TOO_COMPLEX':
      return 400;
    default:
      return assertUnreachable(code);
  }
}

/** Finds the failure behind an error. What nobody expected is INTERNAL, and only the log learns more. */
export function toFailure(error: unknown, logger: Logger, place: object): Failure {
  for (
    let cause = error;
    cause instanceof Error;
    cause = (cause as { originalError?: unknown }).originalError ?? cause.cause
  ) {
    if (cause instanceof FailureError) return cause.failure;
    const refused = frameworkRefusal(cause);
    if (refused !== null) return refused;
    if (isUnavailable(cause)) {
      logger.warn({ ...place, code: (cause as { code?: string }).code }, 'database unavailable');
      return fail('UNAVAILABLE');
    }
  }
  const { name, stack } = error instanceof Error ? error : { name: 'unknown', stack: undefined };
  const { code } = (error ?? {}) as { code?: unknown };
  logger.error({ ...place, error: name, code, stack: withoutValues(stack) }, 'unexpected error');
  return fail('INTERNAL');
}

/** The frames of a stack without its message, which may quote what somebody sent. */
function withoutValues(stack: string | undefined): string | undefined {
  return stack
    ?.split('\n')
    .filter((line) => line.trimStart().startsWith('at '))
    .join('\n');
}
