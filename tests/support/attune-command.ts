import { execFile } from 'node:child_process';
import { join } from 'node:path';

const ENTRY = join(import.meta.dirname, '../../dist/apps/cli/src/main.js');

/** How a command ended, and what it printed. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `attune` as it is installed; the environment of the test run does not leak in. */
export function attune(args: readonly string[], env: Record<string, string> = {}): Promise<CommandResult> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [ENTRY, ...args],
      { env: { PATH: process.env['PATH'], ...env } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, stdout, stderr }),
    );
  });
}

/** The same for a command that prints JSON, on a database. */
export async function attuneJson<Found>(
  databaseUrl: string,
  ...args: readonly string[]
): Promise<{ readonly code: number; readonly found: Found }> {
  const { code, stdout, stderr } = await attune([...args, '--json'], { DATABASE_URL: databaseUrl });
  if (stdout === '') throw new Error(stderr);
  return { code, found: JSON.parse(stdout) as Found };
}
