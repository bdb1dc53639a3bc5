import { spawn } from 'node:child_process';
import { chown, rename, rm, rmdir, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makePrivate } from './cluster-place.js';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { explainFailure } from './postgres-log.js';
import { initArguments } from './postgres-settings.js';
import type { Account } from './unprivileged-account.js';

/** What a new cluster takes (about 40 MB) with its first write-ahead log, and room to work. */
const NEEDED_BYTES = 200 * 1024 * 1024;

/** Where and how to make a cluster. */
export interface NewCluster {
  readonly folder: string;
  readonly binaries: string;
  readonly account: Account | undefined;
  readonly superuserPassword: string;
  readonly durable: boolean;
}

/**
 * Makes an empty cluster. It is built beside its place and moved there when complete, so that an interrupted start
 * never leaves half a database behind.
 */
export async function initialiseCluster(cluster: NewCluster): Promise<void> {
  const { folder, account } = cluster;
  const unfinished = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  await rm(unfinished, { recursive: true, force: true });
  await makePrivate(unfinished, account);
  await demandSpace(dirname(folder));
  try {
    await writeFile(passwordFile, `${cluster.superuserPassword}\n`, { mode: 0o600 });
    if (account) await chown(passwordFile, account.uid, account.gid);
    const { code, lines } = await runInitdb(cluster, initArguments({ ...cluster, folder: unfinished, passwordFile }));
    if (code !== 0) throw explainFailure(lines, folder, 'make a database in');
    await rmdir(folder).catch(() => undefined); // an empty folder that somebody made beforehand
    await rename(unfinished, folder);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(unfinished, { recursive: true, force: true });
  }
}

async function demandSpace(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  if (free >= NEEDED_BYTES) return;
  throw new EmbeddedPostgresError(
    'disk-full',
    `Only ${Math.floor(free / 1024 / 1024)} MB are free where the database would go (${folder}); a new one needs ` +
      `${NEEDED_BYTES / 1024 / 1024} MB. Free some space, or choose another data folder with ATTUNE_DATA_DIR.`,
  );
}

function runInitdb(cluster: NewCluster, args: string[]): Promise<{ code: number | null; lines: string[] }> {
  return new Promise((resolve, reject) => {
    const { uid, gid } = cluster.account ?? {};
    const child = spawn(join(cluster.binaries, 'bin', 'initdb'), args, {
      cwd: '/',
      env: postgresEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid }),
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, lines: output.split('\n').filter((line) => line !== '') }));
  });
}

/** PostgreSQL sees nothing of our environment: PGPORT, PGDATA or a secret in it would otherwise come along. */
export function postgresEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'], LC_ALL: 'C' };
}
