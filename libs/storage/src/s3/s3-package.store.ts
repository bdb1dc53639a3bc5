import { rm } from 'node:fs/promises';
import type { Failure } from '#libs/kernel';
import { packageLimits, PackageStore } from '#libs/models';
import { measureFile } from '../durable-file.js';
import { readZip } from '../read-zip.js';
import { folderOf, keyOf } from './object-key.js';
import type { S3Objects } from './s3.objects.js';
import type { Spool } from './spool.js';

/** Keeps the zips of model packages and datasets in a bucket: `<kind>/<institution>/<sha256>.zip`. */
export class S3PackageStore extends PackageStore {
  constructor(
    private readonly objects: S3Objects,
    private readonly spool: Spool,
    private readonly kind = 'packages',
    /** Files in one zip at most. */
    private readonly files: number = packageLimits.files,
  ) {
    super();
  }

  override async keep(institutionId: string, path: string): Promise<{ sha256: string; bytes: number } | Failure> {
    const measured = await measureFile(path);
    const key = keyOf(this.kind, institutionId, measured.sha256, '.zip');
    const refused = await this.objects.put(key, { path, ...measured }, 'application/zip');
    if (refused !== null) return refused;
    await rm(path, { force: true });
    return measured;
  }

  override locate(institutionId: string, sha256: string): Promise<string | null> {
    return this.spool.locate(keyOf(this.kind, institutionId, sha256, '.zip'), sha256);
  }

  override async read(
    institutionId: string,
    sha256: string,
    paths: readonly string[],
  ): Promise<ReadonlyMap<string, Uint8Array>> {
    const path = await this.locate(institutionId, sha256);
    if (path === null) throw new Error('The stored package is not there.');
    return readZip(path, this.files, paths);
  }

  /** The zips of an institution, and when each was written last. */
  async list(institutionId: string): Promise<{ readonly sha256: string; readonly writtenAt: Date }[]> {
    const found = await this.objects.list(folderOf(this.kind, institutionId));
    return found.flatMap(({ key, writtenAt }) => {
      const sha256 = /\/([0-9a-f]{64})\.zip$/.exec(key)?.[1];
      return sha256 === undefined ? [] : [{ sha256, writtenAt }];
    });
  }

  override async remove(institutionId: string, sha256: string): Promise<void> {
    const key = keyOf(this.kind, institutionId, sha256, '.zip');
    await this.objects.remove(key);
    await this.spool.forget(key);
  }
}
