import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** PostgreSQL's own note about the server that has a cluster open. */
export interface Postmaster {
  readonly pid: number;
  /** `starting`, `ready`, `stopping` or `standby`, as PostgreSQL writes it; empty just after the start. */
  readonly status: string;
}

/** How long a clean stop (which writes a checkpoint) and then a hard one may take, in milliseconds. */
const FAST_STOP_LIMIT = 30_000;
const HARD_STOP_LIMIT = 10_000;

/** Reads `postmaster.pid`, or null when the cluster is closed. */
export async function findPostmaster(folder: string): Promise<Postmaster | null> {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return Number.isInteger(pid) && pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : null;
}

/**
 * Tells whether a process runs. One that has ended and waits for a parent to take notice (a zombie: for ever in a
 * container without an init process) does not.
 */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return !stat.slice(stat.lastIndexOf(')')).startsWith(') Z');
  } catch {
    return true; // no /proc here: the signal has decided
  }
}

/**
 * Closes what an earlier run left behind, for example when the supervisor was ended with `kill -9`: a server that still
 * has this cluster open is stopped; a note that names a process which is not that server (ids are used again, in
 * containers all the time) is taken away, because PostgreSQL would refuse to start because of it.
 * @returns the id of the server that was stopped, or null
 */
export async function closeLeftBehind(folder: string): Promise<number | null> {
  const left = await findPostmaster(folder);
  if (!left) return null;
  if (await isPostmasterOf(left.pid, folder)) {
    await stopPostmaster(left.pid);
    return left.pid;
  }
  await rm(join(folder, 'postmaster.pid'), { force: true });
  return null;
}

/** The process's own command line decides: it must be a server that was started on this folder. */
async function isPostmasterOf(pid: number, folder: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(async () => {
    const ps = await promisify(execFile)('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return ps.stdout;
  });
  return command.includes('postgres') && command.includes(folder);
}

/**
 * Stops a server: "fast" (open transactions are rolled back, a checkpoint is written) and, when that does not end,
 * "immediate" (the next start recovers from the log; nothing committed is lost).
 */
export async function stopPostmaster(pid: number): Promise<void> {
  for (const [signal, limit] of [['SIGINT', FAST_STOP_LIMIT] as const, ['SIGQUIT', HARD_STOP_LIMIT] as const]) {
    if (await signalAndWait(pid, signal, limit)) return;
  }
  throw new EmbeddedPostgresError(
    'will-not-stop',
    `The PostgreSQL that is still running from an earlier start (process ${pid}) does not stop. ` +
      'End it by hand and start again.',
  );
}

async function signalAndWait(pid: number, signal: NodeJS.Signals, limit: number): Promise<boolean> {
  const deadline = performance.now() + limit;
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
    throw error;
  }
  while (performance.now() < deadline) {
    if (!isAlive(pid)) return true;
    await sleep(20);
  }
  return false;
}
