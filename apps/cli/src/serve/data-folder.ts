import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** What Attune keeps on this machine. */
export interface DataFolder {
  readonly path: string;
  readonly lockFile: string;
  readonly demoAccountsFile: string;
  logFile(part: 'api' | 'worker' | 'postgres'): string;
}

/** A log that has grown beyond this is put aside at the next start, in bytes. */
const ROTATE_ABOVE = 10 * 1024 * 1024;

/** Opens the data folder, making it when it is not there; throws the system's own errors, such as EACCES and ENOSPC. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  // PostgreSQL's account has to pass through when we are root; nobody else has business in here.
  await ensureFolder(path, process.getuid?.() === 0 ? 0o711 : 0o700);
  const logs = join(path, 'logs');
  await ensureFolder(logs, 0o700);
  const probe = join(path, `.write-test-${process.pid}`);
  await writeFile(probe, 'attune');
  await rm(probe);
  const folder: DataFolder = {
    path,
    lockFile: join(path, 'attune.lock'),
    demoAccountsFile: join(path, 'demo-accounts.json'),
    logFile: (part) => join(logs, `${part}.log`),
  };
  for (const part of ['api', 'worker', 'postgres'] as const) await rotate(folder.logFile(part));
  return folder;
}

/** Like `mkdir -p`, which in Node never returns where nothing can be made (under /proc, for one). */
async function ensureFolder(path: string, mode: number): Promise<void> {
  const stats = await stat(path).catch(() => null);
  if (stats?.isDirectory()) return;
  if (dirname(path) !== path) await ensureFolder(dirname(path), mode);
  await mkdir(path, { mode });
}

async function rotate(file: string): Promise<void> {
  const size = await stat(file).then(
    (stats) => stats.size,
    () => 0,
  );
  if (size > ROTATE_ABOVE) await rename(file, `${file}.1`);
}

/** The master secret: the one given, else the one in the data folder, made on the first start. */
export async function ensureSecret(folder: DataFolder, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const file = join(folder.path, 'secret');
  const kept = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '';
    throw error;
  });
  if (kept.trim() !== '') return kept.trim();
  const secret = randomBytes(32).toString('base64url');
  await writeFile(`${file}.new`, `${secret}\n`, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return secret;
}
