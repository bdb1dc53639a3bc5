import { execFile } from 'node:child_process';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';
import { promisify } from 'node:util';

/** A process that can be recognised later: its id alone is used again after it has ended. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in the system's own words; compared, never read. */
  readonly started: string;
}

/**
 * Names the place in which process ids have their meaning: this boot of this machine, or of one container on it. In
 * another place a process of ours cannot be found, whether it runs or not.
 */
export async function identifyPlace(): Promise<string> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => '');
  const namespace = await readlink('/proc/self/ns/pid').catch(() => '');
  return `${boot.trim()} ${namespace} ${hostname()}`;
}

/** Names a running process, or null when there is none with this id. */
export async function identify(pid: number): Promise<ProcessIdentity | null> {
  const started = (await startedFromProc(pid)) ?? (await startedFromPs(pid));
  return started === '' ? null : { pid, started };
}

/** Tells whether this very process still runs. */
export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

/** Linux: clock ticks since boot, the 22nd field; empty for a process that is gone; null where there is no /proc. */
async function startedFromProc(pid: number): Promise<string | null> {
  const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8').catch(() => null);
  if (boot === null) return null;
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state, ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' '); // the name in brackets may hold spaces
  return stat === '' || state === 'Z' ? '' : `${boot.trim()} ${fields[18]}`;
}

async function startedFromPs(pid: number): Promise<string> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({
    stdout: '',
  }));
  return stdout.trim();
}
