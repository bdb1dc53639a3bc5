import { fail, type Failure } from '#libs/kernel';

/**
 * What the framework refuses before any code of ours runs: a route that is not there, a body that is too large, of
 * another type, or broken. Null for everything else.
 */
export function frameworkRefusal(error: unknown): Failure | null {
  const { code, status, statusCode } = (error ?? {}) as { code?: unknown; status?: unknown; statusCode?: unknown };
  // A path that leads out of a folder of files: there is nothing for anybody.
  if (code === 'FST_STATIC_FORBIDDEN_PATH') return fail('UNKNOWN_OPERATION');
  const isFramework = typeof code === 'string' && /^(FST|MER)_ERR_/.test(code);
  if (!isFramework && (error as Error | null)?.constructor?.name.endsWith('Exception') !== true) return null;
  switch (statusCode ?? status) {
    case 404:
      return fail('UNKNOWN_OPERATION');
    case 405:
      return fail('INVALID_INPUT', 'This is not possible by the method of the request: send mutations by POST.');
    case 413:
    case 414:
      return fail('TOO_LARGE');
    case 415:
      return fail('INVALID_INPUT', 'Bodies of this content type are not taken here.');
    case 429:
      return fail('RATE_LIMITED');
    case 400:
      return fail('INVALID_INPUT', 'The request is not well-formed HTTP, JSON or text.');
    default:
      return null;
  }
}
