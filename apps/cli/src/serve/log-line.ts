import { z } from 'zod';

/** A structured log line that is worth the screen. */
export interface Warning {
  readonly level: 'warn' | 'error';
  readonly message: string;
}

const logLineSchema = z.object({
  /** Pino's numbers: 40 warn, 50 error, 60 fatal. */
  level: z.number(),
  msg: z.string().default(''),
  err: z.object({ message: z.string() }).partial().optional(),
});

/** Reads a log line; null when it is below a warning or not structured. */
export function parseWarning(line: string): Warning | null {
  if (!line.startsWith('{')) return null;
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null;
  }
  const { data } = logLineSchema.safeParse(parsed);
  if (!data || data.level < 40) return null;
  const reason = data.err?.message;
  const message = reason && !data.msg.includes(reason) ? [data.msg, reason].filter(Boolean).join(': ') : data.msg;
  return { level: data.level < 50 ? 'warn' : 'error', message };
}
