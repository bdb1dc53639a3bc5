import { execFile, spawnSync } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** The system account that runs PostgreSQL, which refuses to run as root. */
export interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In order of preference; nothing is added to the machine's accounts. */
const CANDIDATES = ['postgres', 'nobody'];

/**
 * Chooses the account for PostgreSQL: none (stay who we are) for an ordinary user; as root the owner of the data that
 * is already there, else the first of `postgres` and `nobody` that the machine has.
 */
export async function chooseAccount(dataFolder: string): Promise<Account | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const owner = await stat(dataFolder).catch(() => undefined);
  if (owner && owner.uid !== 0) {
    const name = await idCommand('-nu', String(owner.uid));
    return { name: name || `user ${owner.uid}`, uid: owner.uid, gid: owner.gid };
  }
  for (const name of CANDIDATES) {
    const [uid, gid] = await Promise.all([idCommand('-u', name), idCommand('-g', name)]);
    if (uid && gid) return { name, uid: Number(uid), gid: Number(gid) };
  }
  throw new EmbeddedPostgresError(
    'no-account',
    'PostgreSQL does not run as root, and this machine has neither a user "postgres" nor "nobody" to run it as. ' +
      'Start Attune as an ordinary user, or set DATABASE_URL.',
  );
}

/** What `id` says, or an empty string when the account is not known. */
async function idCommand(flag: '-u' | '-g' | '-nu', account: string): Promise<string> {
  const { stdout } = await promisify(execFile)('id', [flag, account]).catch(() => ({ stdout: '' }));
  return stdout.trim();
}

/** Tells whether the account can enter a folder, by entering it: modes and access lists of every parent count. */
export function canEnter(account: Account, folder: string): boolean {
  const { uid, gid } = account;
  const attempt = spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], { uid, gid, cwd: '/', stdio: 'ignore' });
  return attempt.status === 0;
}
