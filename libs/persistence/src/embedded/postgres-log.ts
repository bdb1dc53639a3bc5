import { open, stat } from 'node:fs/promises';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** How much of the end of a log is read to explain a failure, in bytes. */
const TAIL = 16_384;

/** Length of a log in bytes, 0 when there is none. */
export async function logLength(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

/** The lines that were added to a log since it had the given length; of many, the last ones. */
export async function linesSince(file: string, length: number): Promise<string[]> {
  const handle = await open(file, 'r').catch(() => null);
  if (!handle) return [];
  try {
    const { size } = await handle.stat();
    const from = Math.max(length, size - TAIL);
    const buffer = Buffer.alloc(Math.max(size - from, 0));
    await handle.read(buffer, 0, buffer.length, from);
    return buffer
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
  } finally {
    await handle.close();
  }
}

/** Turns what PostgreSQL (or initdb) said before it gave up into a sentence. */
export function explainFailure(lines: readonly string[], folder: string, action: string): EmbeddedPostgresError {
  const detail = lines.join('\n');
  if (/No space left on device|disk is full|ENOSPC/i.test(detail)) {
    return new EmbeddedPostgresError(
      'disk-full',
      `The disk that holds ${folder} is full. Free some space and start again; nothing is lost.`,
      detail,
    );
  }
  // processes whose server was killed write their last words into the same log
  const own = lines.filter((line) => !line.includes('unexpected postmaster exit'));
  const cause = own.findLast((line) => /FATAL:|PANIC:|error:/.test(line)) ?? own.at(-1) ?? 'it said nothing';
  const message = cause.replace(/^.*?(FATAL|PANIC|error):\s*/, '');
  if (/permission denied|wrong ownership|invalid permissions/i.test(message)) {
    return new EmbeddedPostgresError(
      'not-writable',
      `PostgreSQL may not use ${folder}: ${message}. Start Attune as the user who owns it, or choose another data ` +
        'folder with ATTUNE_DATA_DIR.',
      detail,
    );
  }
  if (
    /incompatible|control file|checkpoint record|not a database cluster|invalid data|could not (open|read|find).*(file|directory)/i.test(
      message,
    )
  ) {
    return new EmbeddedPostgresError(
      'broken-folder',
      `The database in ${folder} is damaged: ${message}. Put it back from a backup, or move the data folder away to ` +
        'start afresh.',
      detail,
    );
  }
  if (/pre-existing shared memory block .* still in use/.test(message)) {
    return new EmbeddedPostgresError(
      'still-in-use',
      `Processes of a PostgreSQL that was killed still use ${folder}. Wait until they have ended, or end them, and start again.`,
      detail,
    );
  }
  return new EmbeddedPostgresError('will-not-start', `PostgreSQL could not ${action} ${folder}: ${message}.`, detail);
}
