import type { LoggerService } from '@nestjs/common';
import { pino, type DestinationStream, type Logger } from 'pino';

/** Words that never reach a log, whatever object they stand in. */
const secretPaths = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'apiKey',
  'secret',
  'authorization',
  'cookie',
  'email',
  'name',
  'answer',
  'marks',
  'body',
].flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/**
 * Structured logs, one JSON object a line: times, ids, codes and durations, and no personal data.
 * @param destination Default: standard output
 */
export function makeLogger(
  level: string,
  process: string,
  destination: DestinationStream = pino.destination(1),
): Logger {
  return pino(
    {
      level,
      base: { process },
      redact: { paths: secretPaths, censor: '[removed]' },
      timestamp: pino.stdTimeFunctions.isoTime,
    },
    destination,
  );
}

/** Lets Nest speak through the same logs. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: string): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: string): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown, stack?: string, context?: string): void {
    this.logger.error({ context, stack }, String(message));
  }

  debug(message: unknown, context?: string): void {
    this.logger.trace({ context }, String(message));
  }
}
