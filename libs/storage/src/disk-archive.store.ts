import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { fail, type Failure } from '#libs/kernel';
import { ArchiveStore, type ArchiveFile } from '#libs/training';
import { DiskPackageStore } from './disk-package.store.js';
import { noRoom } from './durable-file.js';

/** The date of every file in an archive, so that the same files give the same bytes. A zip holds local time. */
const date = (): Date => new Date(2026, 0, 1);

/** Packs datasets into zips on this machine's disk. Pictures are compressed already, so they are stored as they are. */
export class DiskArchiveStore extends ArchiveStore {
  private readonly zips: DiskPackageStore;

  /** @param folder absolute path; made with the first archive */
  constructor(private readonly folder: string) {
    super();
    this.zips = new DiskPackageStore(folder);
  }

  override async write(
    institutionId: string,
    files: readonly ArchiveFile[],
  ): Promise<{ sha256: string; bytes: number } | Failure> {
    const beside = join(this.folder, `${randomUUID()}.new`);
    try {
      await mkdir(this.folder, { recursive: true, mode: 0o700 });
      await pack(files, beside);
      return await this.zips.keep(institutionId, beside);
    } catch (error) {
      if (error instanceof FileGone) return fail('NOT_FOUND', error.message);
      return noRoom(error);
    } finally {
      await rm(beside, { force: true });
    }
  }

  override locate(institutionId: string, sha256: string): Promise<string | null> {
    return this.zips.locate(institutionId, sha256);
  }
}

class FileGone extends Error {}

/** Each file is read when its turn comes, so that one at a time is held in memory. */
async function pack(files: readonly ArchiveFile[], path: string): Promise<void> {
  const zip = new ZipFile();
  const abort = new AbortController();
  const options = { mtime: date(), forceDosTimestamp: true, compress: false };
  const take = async (read: ArchiveFile['read']): Promise<Readable> => {
    const bytes = await read();
    if (bytes === null) throw new FileGone('An image is not on this server: its folder was emptied, or is not shared.');
    return Readable.from([bytes]);
  };
  let trouble: unknown = null;
  const fails = (error: unknown): void => {
    trouble = error;
    abort.abort();
  };
  for (const { path: name, read } of files) {
    zip.addReadStreamLazy(name, options, (give) => void take(read).then((stream) => give(null, stream), fails));
  }
  zip.end();
  try {
    await pipeline(zip.outputStream, createWriteStream(path, { mode: 0o600 }), { signal: abort.signal });
  } catch (error) {
    throw trouble ?? error;
  }
}
