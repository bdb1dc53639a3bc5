import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isId, type Failure } from '#libs/kernel';
import { packageLimits, PackageStore } from '#libs/models';
import { flushFolder, noRoom } from './durable-file.js';
import { ZipArchive } from './zip.archive.js';

/**
 * Keeps the zips of model packages and datasets on this machine's disk: `<folder>/<institution>/<sha256>.zip`. Several
 * servers need a folder that they share.
 */
export class DiskPackageStore extends PackageStore {
  /** @param folder absolute path; made with the first file */
  constructor(
    private readonly folder: string,
    /** Files in one zip at most. */
    private readonly files: number = packageLimits.files,
  ) {
    super();
  }

  override async keep(institutionId: string, path: string): Promise<{ sha256: string; bytes: number } | Failure> {
    const sha256 = await digestOfFile(path);
    const { size: bytes } = await stat(path);
    const place = this.pathOf(institutionId, sha256);
    try {
      await mkdir(dirname(place), { recursive: true, mode: 0o700 });
      await flush(path);
      await move(path, place);
      await flushFolder(dirname(place));
      return { sha256, bytes };
    } catch (error) {
      return noRoom(error);
    }
  }

  override async locate(institutionId: string, sha256: string): Promise<string | null> {
    const place = this.pathOf(institutionId, sha256);
    return (await stat(place).catch(() => null)) === null ? null : place;
  }

  override async read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const archive = await ZipArchive.open(this.pathOf(institutionId, sha256), this.files);
    if (typeof archive === 'string') throw new Error(`The stored package cannot be opened: ${archive}.`);
    try {
      const files = new Map<string, Uint8Array>();
      for (const path of paths) files.set(path, await archive.read(path));
      return files;
    } finally {
      archive.close();
    }
  }

  /** The zips of an institution, and when each was written last. */
  async list(institutionId: string): Promise<{ readonly sha256: string; readonly writtenAt: Date }[]> {
    if (!isId(institutionId)) throw new Error('Not the name of an institution.');
    const folder = join(this.folder, institutionId);
    const names = await readdir(folder).catch(orNone);
    const found = await Promise.all(
      names.map(async (name) => {
        const sha256 = /^([0-9a-f]{64})\.zip$/.exec(name)?.[1];
        const file = sha256 && (await stat(join(folder, name)).catch(() => null));
        return sha256 && file ? [{ sha256, writtenAt: file.mtime }] : [];
      }),
    );
    return found.flat();
  }

  override async remove(institutionId: string, sha256: string): Promise<void> {
    await rm(this.pathOf(institutionId, sha256), { force: true });
  }

  private pathOf(institutionId: string, sha256: string): string {
    if (!isId(institutionId) || !/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not the name of a stored package.');
    return join(this.folder, institutionId, `${sha256}.zip`);
  }
}

/** A folder that was never made has nothing in it. */
function orNone(error: NodeJS.ErrnoException): string[] {
  if (error.code !== 'ENOENT') throw error;
  return [];
}

/** SHA-256 of a file, without holding it in memory. */
async function digestOfFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
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
