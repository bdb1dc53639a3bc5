import { open } from 'node:fs/promises';
import { parseWarning, type Warning } from './log-line.js';

/** How often the log is looked at, in milliseconds, and how much of it is read at a time, in bytes. */
const PERIOD = 500;
const CHUNK = 256 * 1024;

/** How many warnings a period may bring to the screen; the rest is counted. */
const WARNINGS_PER_PERIOD = 5;

/**
 * Follows a log that a part writes itself (so that nothing is lost when the supervisor is gone) and passes on what is a
 * warning or worse.
 */
export class LogFollower {
  private position = 0;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;

  constructor(
    private readonly file: string,
    private readonly onWarning: (warning: Warning) => void,
  ) {}

  /** Begins at the present end of the log. */
  async start(): Promise<void> {
    this.position = await this.length();
    this.schedule();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.isStopped) return;
    this.timer = setTimeout(() => void this.look().finally(() => this.schedule()), PERIOD).unref();
  }

  private async look(): Promise<void> {
    const bytes = await readFrom(this.file, this.position, CHUNK);
    const lastLineEnd = bytes.lastIndexOf('\n') + 1;
    const end = lastLineEnd === 0 && bytes.length === CHUNK ? CHUNK : lastLineEnd; // a giant line is passed over
    this.position += end;
    const lines = bytes.toString('utf8', 0, end).split('\n');
    const warnings = lines.flatMap((line) => parseWarning(line) ?? []);
    for (const warning of warnings.slice(0, WARNINGS_PER_PERIOD)) this.onWarning(warning);
    const more = warnings.length - WARNINGS_PER_PERIOD;
    if (more > 0) this.onWarning({ level: 'warn', message: `and ${more} more, in ${this.file}` });
  }

  private async length(): Promise<number> {
    const handle = await open(this.file, 'r').catch(() => null);
    if (!handle) return 0;
    try {
      return (await handle.stat()).size;
    } finally {
      await handle.close();
    }
  }
}

/** The last lines of a log, for a report. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  const bytes = await readFrom(file, -16_384, 16_384);
  return bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .slice(-count);
}

/** Reads at most so many bytes from a position; a negative one counts from the end. */
async function readFrom(file: string, position: number, limit: number): Promise<Buffer> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return Buffer.alloc(0);
  try {
    const { size } = await handle.stat();
    const from = position < 0 ? Math.max(size + position, 0) : position;
    const buffer = Buffer.alloc(Math.max(Math.min(size - from, limit), 0));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
