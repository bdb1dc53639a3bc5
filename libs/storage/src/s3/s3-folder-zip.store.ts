import { rm } from 'node:fs/promises';
import { isId, type Failure } from '#libs/kernel';
import { FolderZipStore, type FolderZipName, type OpenFolders } from '#libs/training';
import { openFolders, zipGone } from '../disk-folder-zip.store.js';
import { measureFile } from '../durable-file.js';
import { folderOf } from './object-key.js';
import type { S3Objects } from './s3.objects.js';
import type { Spool } from './spool.js';

/** Keeps zips of folders in a bucket: `folder-zips/<institution>/<import>-<sha256>.zip`. */
export class S3FolderZipStore extends FolderZipStore {
  constructor(
    private readonly objects: S3Objects,
    private readonly spool: Spool,
  ) {
    super();
  }

  override measure(path: string): Promise<{ sha256: string; bytes: number }> {
    return measureFile(path);
  }

  override async keep(institutionId: string, zip: FolderZipName, path: string): Promise<Failure | null> {
    const measured = await measureFile(path);
    const refused = await this.objects.put(keyOf(institutionId, zip), { path, ...measured }, 'application/zip');
    if (refused === null) await rm(path, { force: true });
    return refused;
  }

  override async open(institutionId: string, zip: FolderZipName): Promise<OpenFolders | Failure> {
    const path = await this.spool.locate(keyOf(institutionId, zip), zip.sha256);
    return path === null ? zipGone : openFolders(path);
  }

  override async list(institutionId: string): Promise<(FolderZipName & { keptAt: Date })[]> {
    const found = await this.objects.list(folderOf('folder-zips', institutionId));
    return found.flatMap(({ key, writtenAt: keptAt }) => {
      const [, id, sha256] = /\/([^/]+)-([0-9a-f]{64})\.zip$/.exec(key) ?? [];
      return id !== undefined && sha256 !== undefined && isId(id) ? [{ id, sha256, keptAt }] : [];
    });
  }

  override async remove(institutionId: string, zip: FolderZipName): Promise<void> {
    const key = keyOf(institutionId, zip);
    await this.objects.remove(key);
    await this.spool.forget(key);
  }
}

function keyOf(institutionId: string, { id, sha256 }: FolderZipName): string {
  if (!isId(id) || !/^[0-9a-f]{64}$/.test(sha256)) throw new Error('Not the name of a zip.');
  return `${folderOf('folder-zips', institutionId)}${id}-${sha256}.zip`;
}
