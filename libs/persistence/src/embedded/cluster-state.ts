import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';
import { POSTGRES_MAJOR } from './postgres-binaries.js';

/**
 * Tells whether a cluster is in the folder (true) or nothing at all (false).
 * Anything else is a fault with a sentence: another major version, or something that is not a cluster.
 */
export async function hasCluster(folder: string): Promise<boolean> {
  const entries = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    if (error.code === 'ENOTDIR') throw broken(folder, 'it is not a folder');
    if (error.code === 'EACCES' || error.code === 'EPERM') {
      throw new EmbeddedPostgresError(
        'not-writable',
        `${folder} belongs to another user of this machine. Start Attune as that user, or choose another data folder ` +
          'with ATTUNE_DATA_DIR.',
      );
    }
    throw error;
  });
  if (entries === null || entries.length === 0) return false;

  const version = await readFile(join(folder, 'PG_VERSION'), 'utf8').catch(() => '');
  if (version === '') throw broken(folder, 'it has no PG_VERSION');
  if (version.trim() !== String(POSTGRES_MAJOR)) {
    throw new EmbeddedPostgresError(
      'other-version',
      `${folder} holds a database of PostgreSQL ${version.trim().slice(0, 20)}, and this Attune runs PostgreSQL ` +
        `${POSTGRES_MAJOR}. Move it over with pg_dump, or choose another data folder with ATTUNE_DATA_DIR.`,
    );
  }
  for (const part of ['global/pg_control', 'base', 'pg_wal']) {
    await stat(join(folder, part)).catch(() => {
      throw broken(folder, `${part} is missing`);
    });
  }
  return true;
}

/** The sentence for a folder that should hold a cluster and does not. */
export function broken(folder: string, reason: string): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'broken-folder',
    `The database in ${folder} is damaged: ${reason}. Put it back from a backup, or move the data folder away to start ` +
      'afresh.',
  );
}
