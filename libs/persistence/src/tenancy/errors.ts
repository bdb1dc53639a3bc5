/** SQLSTATE of an error from PostgreSQL, through `pg` or through Prisma's adapter; null for any other error. */
function sqlState(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null;
  const { code, cause, meta } = error as {
    code?: unknown;
    cause?: unknown;
    meta?: { code?: unknown; driverAdapterError?: unknown };
  };
  if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^P\d{4}$/.test(code)) return code;
  if (code === 'P2002') return '23505';
  if (code === 'P2003') return '23503';
  if (typeof meta?.code === 'string') return meta.code;
  // What Prisma calls P2010, a raw statement that failed, has the reason inside.
  const inside = meta?.driverAdapterError ?? cause;
  return inside === undefined ? null : sqlState(inside);
}

/** Another transaction came first: the same work, done again, will see what it left. */
export function isRepeatable(error: unknown): boolean {
  const state = sqlState(error);
  return state === '23505' || state === '40001' || state === '40P01';
}

/** A statement, a wait for a lock or an open transaction took longer than a connection lets it. */
const limitStates = new Set(['57014', '55P03', '25P03']);

/**
 * The database is gone, going, starting, full or held up, and a later try may succeed. Whether this one did is unknown:
 * the line may have broken after the COMMIT and before its answer.
 */
export function isUnavailable(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== null && limitStates.has(state)) return true;
  if (state !== null && (state.startsWith('08') || state.startsWith('53') || state.startsWith('57P'))) return true;
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
  if (
    code === 'ECONNREFUSED' ||
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'P1001' ||
    code === 'P1017' ||
    code === 'P2024' ||
    code === 'P2028'
  )
    return true;
  return (
    typeof message === 'string' &&
    /timeout exceeded when trying to connect|Connection terminated|Can't reach database|Unable to start a transaction|Client has encountered a connection error/i.test(
      message,
    )
  );
}
