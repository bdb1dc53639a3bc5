import { Module } from '@nestjs/common';
import { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, UnitOfWork } from '#libs/identity';
import { JobImportQueue, JobQueue } from '#libs/jobs';
import { CourseAccess, PictureCleaner } from '#libs/learning';
import { Database, PrismaDatasetImportRepository } from '#libs/persistence';
import {
  DatasetImportRepository,
  DatasetRepository,
  FolderZipStore,
  ForgetZips,
  ImageStore,
  ImportQueue,
  ListImports,
  ManageDatasets,
  RunImport,
  StartImport,
  type ImportDependencies,
} from '#libs/training';
import { AuditModule } from './audit.module.js';
import { DatasetsModule } from './datasets.module.js';
import { IdentityModule } from './identity.module.js';
import { JobsModule } from './jobs.module.js';
import { LearningModule } from './learning.module.js';
import { StorageModule } from './storage.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<ImportDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  datasets: DatasetRepository,
  imports: DatasetImportRepository,
  zips: FolderZipStore,
  queue: ImportQueue,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
});

/** Zips of folders on their way into datasets. */
@Module({
  imports: [IdentityModule, AuditModule, JobsModule, LearningModule, DatasetsModule, StorageModule],
  providers: [
    adapt(DatasetImportRepository, PrismaDatasetImportRepository, Database),
    adapt(ImportQueue, JobImportQueue, JobQueue, Database),
    collaborators.bind(StartImport),
    collaborators.bind(RunImport, {
      manage: ManageDatasets,
      images: ImageStore,
      cleaner: PictureCleaner,
      ids: IdSource,
    }),
    bind(ForgetZips, UnitOfWork, DatasetImportRepository, FolderZipStore, Clock),
    bind(ListImports, UnitOfWork, CourseAccess, DatasetRepository, DatasetImportRepository),
  ],
  exports: [StartImport, RunImport, ForgetZips, ListImports, IdentityModule],
})
export class DatasetImportsModule {}
