import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { assertUnreachable, fail, FailureError, type Failure, type FailureCode } from '#libs/kernel';
import { isUnavailable } from '#libs/persistence';
import { frameworkRefusal } from '../http/framework-refusal.js';

/** HTTP status of a response that carries this failure and no data. */
export function statusOf(code: FailureCode): number {
  switch (code) {
    case 'UNAUTHENTICATED':
    case 'WRONG_CREDENTIALS':
      return 401;
    case 'FORBIDDEN':
    case 'NOT_GRADED_BY_CLIENT':
    case 'OPERATION_NOT_PERSISTED':
      return 403;
    case 'NOT_FOUND':
    case 'UNKNOWN_OPERATION':
      return 404;
    case 'ID_REUSED':
    case 'TAKEN':
    case 'OFFER_ANSWERED':
    case 'SESSION_CLOSED':
    case 'ASSIGNMENT_CLOSED':
    case 'NOTHING_TO_CHOOSE':
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

/** Gives each GraphQL error its code, and the response its status. */
export function formatErrors(
  execution: ExecutionResult & { errors: readonly GraphQLError[] },
  requestId: string,
  logger: Logger,
): { statusCode: number; response: ExecutionResult } {
  const flat = execution.errors.flatMap((error) => {
    const { code, errors: inner } = (error.originalError ?? {}) as { code?: unknown; errors?: GraphQLError[] };
    return code === 'MER_ERR_GQL_VALIDATION' && Array.isArray(inner) ? inner : [error];
  });
  let status = 400;
  const errors = flat.map((error) => {
    const failure = readCode(error) ?? toFailure(error, logger, { requestId });
    status = statusOf(failure.code);
    const { code, message, issues, retryAfterSeconds } = failure;
    return {
      message,
      ...(error.path && { path: error.path }),
      ...(error.locations && { locations: error.locations }),
      extensions: { code, requestId, ...(issues && { issues }), ...(retryAfterSeconds && { retryAfterSeconds }) },
    };
  });
  const response = { data: execution.data ?? null, errors: errors as unknown as GraphQLError[] };
  return { statusCode: execution.data ? 200 : status, response };
}

/** Errors that GraphQL itself finds (syntax, validation, variables) have no cause; ours carry a code already. */
function readCode(error: GraphQLError): Failure | null {
  const code = error.extensions?.['code'];
  if (code === 'QUERY_TOO_COMPLEX' || code === 'INVALID_INPUT') return fail(code, error.message);
  if (!isGraphqlsOwn(error)) return null;
  if (/Document contains more than? \d+ tokens/.test(error.message) || /more that \d+ tokens/.test(error.message)) {
    return fail('QUERY_TOO_COMPLEX', error.message);
  }
  return fail('INVALID_INPUT', error.message);
}

/** Found before anything was executed: such an error has no path, and nothing but GraphQL's own errors behind it. */
function isGraphqlsOwn(error: GraphQLError): boolean {
  if (error.path !== undefined) return false;
  for (let cause: unknown = error; cause !== undefined; cause = (cause as { originalError?: unknown }).originalError) {
    const { name, cause: deeper } = cause as { name?: unknown; cause?: unknown };
    if (name !== 'GraphQLError' || deeper !== undefined) return false;
  }
  return true;
}
