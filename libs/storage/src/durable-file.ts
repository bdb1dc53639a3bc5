import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fail, type Failure } from '#libs/kernel';

/** Makes a new name in a folder durable; systems without such a thing refuse, and lose nothing by it. */
export async function flushFolder(path: string): Promise<void> {
  const folder = await open(path, 'r').catch(() => null);
  if (folder === null) return;
  try {
    await folder.sync();
  } catch (error) {
    if (!['EINVAL', 'EPERM', 'EISDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    await folder.close();
  }
}

/** A full disk is a refusal, and everything else an error: that is thrown on. */
export function noRoom(error: unknown): Failure {
  const { code } = error as NodeJS.ErrnoException;
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EROFS') throw error;
  return fail('UNAVAILABLE', 'The server has no room for files now. Try again later; nothing was stored.');
}

/** SHA-256 and length of a file, without holding it in memory. */
export async function measureFile(path: string): Promise<{ sha256: string; bytes: number }> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return { sha256: hash.digest('hex'), bytes: (await stat(path)).size };
}

/** Moves a file to its place, or copies it there from another disk; it is durable when this returns null. */
export async function takeOver(path: string, place: string): Promise<Failure | null> {
  try {
    await mkdir(dirname(place), { recursive: true, mode: 0o700 });
    await flush(path);
    await move(path, place);
    await flushFolder(dirname(place));
    return null;
  } catch (error) {
    return noRoom(error);
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Within one disk a file is renamed; across disks it is copied beside its place first. */
async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    const beside = `${to}.new`;
    await copyFile(from, beside);
    await flush(beside);
    await rename(beside, to);
    await rm(from, { force: true });
  }
}

/** A folder that was never made has nothing in it. */
export function orNone(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}
