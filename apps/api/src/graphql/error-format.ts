import type { ExecutionResult, GraphQLError } from 'graphql';
import type { Logger } from 'pino';
import { fail, type Failure } from '#libs/kernel';
import { statusOf, toFailure } from '../request/failure.js';

/** Errors of one answer: compiled operations find one in each wrong item of a list, however long it is. */
const mostErrors = 100;

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
  const errors = flat.slice(0, mostErrors).map((error) => {
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
