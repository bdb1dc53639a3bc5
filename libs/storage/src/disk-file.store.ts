import { createHash, randomUUID } from 'node:crypto';
import { link, mkdir, open, readFile, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { isId, type Failure } from '#libs/kernel';
import { FileStore } from '#libs/grading';
import { flushFolder, noRoom } from './durable-file.js';

/**
 * Keeps files on this machine's disk, named by what is in them: `<folder>/<institution>/<2 digits>/<sha256>`. A file
 * is written beside its place, flushed, and only then linked there, so a crash leaves no half of one. Several servers
 * need a folder that they share.
 */
export class DiskFileStore extends FileStore {
  /** @param folder absolute path; made with the first file */
  constructor(private readonly folder: string) {
    super();
  }

  override async put(institutionId: string, bytes: Uint8Array): Promise<string | Failure> {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const path = this.pathOf(institutionId, sha256);
    if (await isThere(path, bytes.length)) return sha256;
    try {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await this.write(path, bytes);
      return sha256;
    } catch (error) {
      return noRoom(error);
    }
  }

  override async get(institutionId: string, sha256: string): Promise<Uint8Array | null> {
    try {
      return await readFile(this.pathOf(institutionId, sha256));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
      throw error;
    }
  }

  override async locate(institutionId: string, sha256: string): Promise<string | null> {
    const path = this.pathOf(institutionId, sha256);
    return (await stat(path).catch(() => null)) === null ? null : path;
  }

  override async remove(institutionId: string, sha256: string): Promise<void> {
    await rm(this.pathOf(institutionId, sha256), { force: true });
  }

  private async write(path: string, bytes: Uint8Array): Promise<void> {
    const beside = `${path}.${randomUUID()}.new`;
    try {
      const file = await open(beside, 'wx', 0o600);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
      // A link does not replace: who comes second finds the same bytes there already.
      await link(beside, path).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
      });
    } finally {
      await rm(beside, { force: true });
    }
    await flushFolder(dirname(path));
  }

  private pathOf(institutionId: string, sha256: string): string {
    if (!isId(institutionId) || !/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not the name of a stored file.');
    return join(this.folder, institutionId, sha256.slice(0, 2), sha256);
  }
}

async function isThere(path: string, size: number): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.size === size;
}
