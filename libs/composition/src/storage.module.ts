import { resolve } from 'node:path';
import { Inject, Module, type FactoryProvider, type OnApplicationShutdown } from '@nestjs/common';
import { FileStore } from '#libs/grading';
import { PackageStore } from '#libs/models';
import { bucketOf, type Config } from '#libs/platform';
import { openStores, type Stores } from '#libs/storage';
import { ArchiveStore, FolderZipStore, ImageStore } from '#libs/training';
import { CONFIG } from './tokens.js';

const STORES = Symbol('Stores');

function oneOf(provide: FactoryProvider['provide'], name: keyof Omit<Stores, 'close'>): FactoryProvider {
  return { provide, useFactory: (stores: Stores) => stores[name], inject: [STORES] };
}

const stores = [
  oneOf(FileStore, 'files'),
  // Named by what is in them, works and images for training lie in one place.
  oneOf(ImageStore, 'files'),
  oneOf(PackageStore, 'packages'),
  oneOf(ArchiveStore, 'archives'),
  oneOf(FolderZipStore, 'folderZips'),
];

/** Everything that is kept as a file: on this machine's disk, or in a bucket of an S3-compatible store. */
@Module({
  providers: [
    {
      provide: STORES,
      useFactory: (config: Config) => openStores(resolve(config.ATTUNE_DATA_DIR), bucketOf(config)),
      inject: [CONFIG],
    },
    ...stores,
  ],
  exports: stores.map(({ provide }) => provide),
})
export class StorageModule implements OnApplicationShutdown {
  constructor(@Inject(STORES) private readonly opened: Stores) {}

  onApplicationShutdown(): void {
    this.opened.close();
  }
}
