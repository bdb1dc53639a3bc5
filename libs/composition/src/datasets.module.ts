import { Module } from '@nestjs/common';
import { Clock } from '#libs/kernel';
import { AuditLog, UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import {
  Database,
  PrismaDatasetRepository,
  PrismaTestSetRepository,
  SqlArchiveLedger,
  SqlPictureSource,
} from '#libs/persistence';
import {
  ArchiveLedger,
  ArchiveStore,
  DatasetRepository,
  ForgetArchives,
  FreezeDataset,
  ImageStore,
  ListDatasets,
  ManageDatasets,
  ManageTestSets,
  PictureSource,
  ReadTestSet,
  TestSetRepository,
  type DatasetDependencies,
  type ForgetArchivesDependencies,
  type FreezeDependencies,
} from '#libs/training';
import { AuditModule } from './audit.module.js';
import { IdentityModule } from './identity.module.js';
import { StorageModule } from './storage.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const managing = new Collaborators<DatasetDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  datasets: DatasetRepository,
  pictures: PictureSource,
  images: ImageStore,
  audit: AuditLog,
  clock: Clock,
});
const freezing = new Collaborators<FreezeDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  datasets: DatasetRepository,
  images: ImageStore,
  archives: ArchiveStore,
  ledger: ArchiveLedger,
  clock: Clock,
});
const forgetting = new Collaborators<ForgetArchivesDependencies>({
  unitOfWork: UnitOfWork,
  archives: ArchiveStore,
  ledger: ArchiveLedger,
  clock: Clock,
});

/** Labelled images, and the archives that models are trained on. */
@Module({
  imports: [IdentityModule, AuditModule, StorageModule],
  providers: [
    adapt(DatasetRepository, PrismaDatasetRepository, Database),
    adapt(ArchiveLedger, SqlArchiveLedger, Database),
    adapt(PictureSource, SqlPictureSource, Database),
    adapt(TestSetRepository, PrismaTestSetRepository, Database),
    managing.bind(ManageDatasets),
    freezing.bind(FreezeDataset),
    freezing.bind(ManageTestSets, { testSets: TestSetRepository, audit: AuditLog }),
    bind(ReadTestSet, UnitOfWork, TestSetRepository, ArchiveStore),
    forgetting.bind(ForgetArchives),
    bind(ListDatasets, UnitOfWork, CourseAccess, DatasetRepository, ImageStore, Clock),
  ],
  exports: [
    ManageDatasets,
    ManageTestSets,
    FreezeDataset,
    ForgetArchives,
    ListDatasets,
    ReadTestSet,
    DatasetRepository,
    StorageModule,
    ArchiveLedger,
    IdentityModule,
  ],
})
export class DatasetsModule {}
