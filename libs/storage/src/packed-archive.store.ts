import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fail, isId, type Failure } from '#libs/kernel';
import { ArchiveStore, datasetLimits, type ArchiveFile, type StoredArchive } from '#libs/training';
import { DiskPackageStore } from './disk-package.store.js';
import { noRoom, orNone } from './durable-file.js';
import { writeZip, type FileToZip } from './write-zip.js';

/** Files in an archive at most. */
export const archiveFiles = datasetLimits.images + 1;

/** Where packed zips are kept. */
type Zips = Pick<DiskPackageStore, 'keep' | 'read' | 'locate' | 'list' | 'remove'>;

/**
 * Packs datasets into zips on this machine's disk, and keeps them there or in a bucket. Pictures are compressed already, so they are
 * stored as they are.
 */
export class PackedArchiveStore extends ArchiveStore {
  /**
   * @param folder absolute path where they are packed; made with the first archive
   * @param zips where they are kept
   */
  constructor(
    private readonly folder: string,
    private readonly zips: Zips = new DiskPackageStore(folder, archiveFiles),
  ) {
    super();
  }

  override async write(
    institutionId: string,
    files: readonly ArchiveFile[],
  ): Promise<{ sha256: string; bytes: number } | Failure> {
    const place = this.folderOf(institutionId);
    const beside = join(place, `${randomUUID()}.new`);
    try {
      await mkdir(place, { recursive: true, mode: 0o700 });
      await writeZip(beside, files.map(orGone));
      return await this.zips.keep(institutionId, beside);
    } catch (error) {
      if (error instanceof FileGone) return fail('NOT_FOUND', error.message);
      return noRoom(error);
    } finally {
      await rm(beside, { force: true });
    }
  }

  override read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    return this.zips.read(institutionId, sha256, paths);
  }

  override locate(institutionId: string, sha256: string): Promise<string | null> {
    return this.zips.locate(institutionId, sha256);
  }

  override list(institutionId: string): Promise<readonly StoredArchive[]> {
    return this.zips.list(institutionId);
  }

  override remove(institutionId: string, sha256: string): Promise<void> {
    return this.zips.remove(institutionId, sha256);
  }

  override async removeUnfinished(institutionId: string, before: Date): Promise<void> {
    const place = this.folderOf(institutionId);
    const names = await readdir(place).catch(orNone);
    for (const name of names.filter((each) => each.endsWith('.new'))) {
      const path = join(place, name);
      const file = await stat(path).catch(() => null);
      if (file !== null && file.mtime < before) await rm(path, { force: true });
    }
  }

  private folderOf(institutionId: string): string {
    if (!isId(institutionId)) throw new Error('Not the name of an institution.');
    return join(this.folder, institutionId);
  }
}

class FileGone extends Error {}

function orGone({ path, read }: ArchiveFile): FileToZip {
  const bytes = async (): Promise<Uint8Array> => {
    const found = await read();
    if (found === null) throw new FileGone('An image is not on this server: its folder was emptied, or is not shared.');
    return found;
  };
  return { path, read: bytes };
}
