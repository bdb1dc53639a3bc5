import { makeLogger } from './logger.js';

/** A part of Attune that runs in a process of its own. */
export interface RunningPart {
  readonly url?: string;
  /** How long `close` may take, in milliseconds. Default: 9,000. */
  readonly closingLimit?: number;
  close(): Promise<void>;
}

/** How long a part may take to finish what is under way, where it does not say so itself. */
const defaultClosingLimit = 9_000;

/**
 * Runs one part until it is told to stop. Under a supervisor it reports by IPC, and stops as well when the supervisor
 * is gone; without one it reports on standard error.
 */
export async function runProcess(start: () => Promise<RunningPart>): Promise<void> {
  process.on('uncaughtException', endUnexpectedly);
  process.on('unhandledRejection', goOn);
  let part: RunningPart | undefined;
  let stopping = false;
  const stop = (): void => {
    if (part === undefined) process.exit(0); // nobody was told that it is ready: nothing is under way
    if (stopping) return;
    stopping = true;
    setTimeout(() => process.exit(1), part.closingLimit ?? defaultClosingLimit).unref();
    part.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // A supervisor that is gone says so once, be it while this process still loads or starts.
  process.on('disconnect', stop);
  if (process.connected === false) stop();
  try {
    part = await start();
  } catch (error) {
    const reason = plainReason(error);
    await report({ kind: 'failed', reason });
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }
  await report({ kind: 'ready', ...(part.url !== undefined && { url: part.url }) });
}

/** After an exception that nobody caught, nobody knows what state the process is in. */
function endUnexpectedly(error: unknown): never {
  makeLogger('fatal', 'process').fatal(withoutValues(error), 'ended by an unexpected error');
  process.exit(1);
}

/**
 * A promise that nobody waited for has failed. Whatever it worked on has been undone or will be asked for again; all
 * others who are being served would lose their work with this process.
 */
function goOn(error: unknown): void {
  makeLogger('error', 'process').error(withoutValues(error), 'a failure that nobody waited for');
}

/** An error without its message, which may quote what somebody sent. */
function withoutValues(error: unknown): object {
  const { name, code, stack } = (error ?? {}) as { name?: string; code?: unknown; stack?: string };
  const frames = stack?.split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: name, code, stack: frames?.join('\n') };
}

function report(message: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send === undefined) resolve();
    else process.send(message, () => resolve());
  });
}

function plainReason(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (code === 'EADDRINUSE') return 'The port is taken by another program. Choose another with PORT.';
  if (code === 'ECONNREFUSED') return 'The database (or Redis) does not answer. Is it running, and is its URL right?';
  return typeof message === 'string' ? message : String(error);
}
