import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Account, canEnter } from './unprivileged-account.js';
import type { PostgresBinaries } from './postgres-binaries.js';

/** Where root keeps what PostgreSQL's account cannot reach under a private folder such as /root (mode 0700). */
const SHARED_STATE = '/var/lib/attune';

/**
 * Chooses the folder for a new cluster: inside the data folder, unless PostgreSQL's account cannot get there; then under
 * /var/lib/attune, with a random name, so that deleting the data folder really does start afresh.
 * @returns a path relative to the data folder, or an absolute one
 */
export function chooseClusterFolder(dataFolder: string, account: Account | undefined): string {
  if (!account || canEnter(account, dataFolder)) return 'postgres';
  return join(SHARED_STATE, randomBytes(6).toString('hex'), 'postgres');
}

/** Makes a folder and its parents: others can pass through those made here, but not look, whatever the umask says. */
export async function makeReachable(folder: string): Promise<void> {
  const isThere = await stat(folder).then(
    () => true,
    () => false,
  );
  if (isThere) return;
  await makeReachable(dirname(folder));
  await mkdir(folder);
  await chmod(folder, 0o711);
}

/** Makes an empty folder that belongs to the account alone, as PostgreSQL demands of its data. */
export async function makePrivate(folder: string, account: Account | undefined): Promise<void> {
  await makeReachable(dirname(folder));
  await mkdir(folder, { mode: 0o700 });
  await chmod(folder, 0o700);
  if (account) await chown(folder, account.uid, account.gid);
}

/**
 * The folder to run the programs from: where npm put them, or a copy under /var/lib/attune when the account cannot
 * reach that. The copy carries its version in its name and is made once.
 */
export async function reachableBinaries(binaries: PostgresBinaries, account: Account | undefined): Promise<string> {
  if (!account || canEnter(account, join(binaries.folder, 'bin'))) return binaries.folder;
  const copy = join(SHARED_STATE, `postgresql-${binaries.version}`);
  if (canEnter(account, join(copy, 'bin'))) return copy;
  await makeReachable(SHARED_STATE);
  const unfinished = `${copy}.${process.pid}`;
  await cp(binaries.folder, unfinished, { recursive: true, verbatimSymlinks: true });
  await promisify(execFile)('chmod', ['-R', 'a+rX', unfinished]); // npm may have run under a private umask
  try {
    await rename(unfinished, copy);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!canEnter(account, join(copy, 'bin'))) throw error; // else another start has just made the same copy
  }
  return copy;
}
