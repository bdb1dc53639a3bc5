import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isId, type Failure } from '#libs/kernel';
import { packageLimits, PackageStore } from '#libs/models';
import { measureFile, orNone, takeOver } from './durable-file.js';
import { readZip } from './read-zip.js';

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
    const measured = await measureFile(path);
    return (await takeOver(path, this.pathOf(institutionId, measured.sha256))) ?? measured;
  }

  override async locate(institutionId: string, sha256: string): Promise<string | null> {
    const place = this.pathOf(institutionId, sha256);
    return (await stat(place).catch(() => null)) === null ? null : place;
  }

  override read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    return readZip(this.pathOf(institutionId, sha256), this.files, paths);
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
