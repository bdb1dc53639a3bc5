import { join } from 'node:path';
import type { FileStore } from '#libs/grading';
import type { PackageStore } from '#libs/models';
import type { ArchiveStore, FolderZipStore } from '#libs/training';
import { DiskFileStore } from './disk-file.store.js';
import { DiskFolderZipStore } from './disk-folder-zip.store.js';
import { DiskPackageStore } from './disk-package.store.js';
import { archiveFiles, PackedArchiveStore } from './packed-archive.store.js';
import { S3FileStore } from './s3/s3-file.store.js';
import { S3FolderZipStore } from './s3/s3-folder-zip.store.js';
import { S3PackageStore } from './s3/s3-package.store.js';
import { S3Objects, type S3Settings } from './s3/s3.objects.js';
import { Spool } from './s3/spool.js';

/** Where everything lies that is kept as a file. Works and images for training share `files`: they are named by what is in them. */
export interface Stores {
  readonly files: FileStore;
  readonly packages: PackageStore;
  readonly archives: ArchiveStore;
  readonly folderZips: FolderZipStore;
  /** Ends the connections that are kept. */
  close(): void;
}

/** A bucket, and how much of it may lie on this machine as copies, in bytes. */
export type BucketSettings = S3Settings & { readonly spoolBytes: number };

/**
 * Opens the stores: on this machine's disk, or in a bucket.
 * @param folder absolute path of the data on this machine
 */
export function openStores(folder: string, bucket: BucketSettings | null): Stores {
  const archives = join(folder, 'training-archives');
  if (bucket === null) {
    return {
      files: new DiskFileStore(join(folder, 'files')),
      packages: new DiskPackageStore(join(folder, 'packages')),
      archives: new PackedArchiveStore(archives),
      folderZips: new DiskFolderZipStore(join(folder, 'folder-zips')),
      close: () => undefined,
    };
  }
  const objects = new S3Objects(bucket);
  const spool = new Spool(objects, join(folder, 'spool'), bucket.spoolBytes);
  return {
    files: new S3FileStore(objects, spool),
    packages: new S3PackageStore(objects, spool),
    archives: new PackedArchiveStore(archives, new S3PackageStore(objects, spool, 'training-archives', archiveFiles)),
    folderZips: new S3FolderZipStore(objects, spool),
    close: () => objects.close(),
  };
}
