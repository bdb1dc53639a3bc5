import { open } from 'node:fs/promises';
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
