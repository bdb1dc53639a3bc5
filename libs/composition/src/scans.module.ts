import { join, resolve } from 'node:path';
import { Module } from '@nestjs/common';
import { Clock, Digest, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, UnitOfWork } from '#libs/identity';
import {
  AssignmentRepository,
  ClassRoster,
  CorrectScans,
  FileRepository,
  FileStore,
  ForgetScans,
  PageReader,
  PdfRenderer,
  PictureLooks,
  PrintSheets,
  PublishScans,
  ReadScans,
  ScanQueue,
  ScanRepository,
  ScanStore,
  SplitScans,
  StartScans,
  SubmissionRepository,
  SubmitWork,
  type ScanDependencies,
} from '#libs/grading';
import { ProcessPdfRenderer, SharpPageReader } from '#libs/imaging';
import { JobQueue, JobScanQueue } from '#libs/jobs';
import { CourseAccess, PictureCleaner } from '#libs/learning';
import { Database, PrismaClassRoster, PrismaScanRepository } from '#libs/persistence';
import type { Config } from '#libs/platform';
import { DiskScanStore, Sha256Digest } from '#libs/storage';
import { AuditModule } from './audit.module.js';
import { GradingModule } from './grading.module.js';
import { IdentityModule } from './identity.module.js';
import { JobsModule } from './jobs.module.js';
import { LearningModule } from './learning.module.js';
import { StorageModule } from './storage.module.js';
import { CONFIG } from './tokens.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<ScanDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  assignments: AssignmentRepository,
  submissions: SubmissionRepository,
  files: FileRepository,
  scans: ScanRepository,
  roster: ClassRoster,
  scanStore: ScanStore,
  scanQueue: ScanQueue,
  store: FileStore,
  cleaner: PictureCleaner,
  looks: PictureLooks,
  pageReader: PageReader,
  digest: Digest,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

const acts = [StartScans, SplitScans, CorrectScans, PrintSheets, ReadScans];

/** The scans of classes, from the upload to the works that come of them. */
@Module({
  imports: [IdentityModule, AuditModule, JobsModule, LearningModule, StorageModule, GradingModule],
  providers: [
    adapt(ScanRepository, PrismaScanRepository, Database),
    adapt(ClassRoster, PrismaClassRoster, Database),
    adapt(ScanQueue, JobScanQueue, JobQueue, Database),
    adapt(PageReader, SharpPageReader),
    { provide: Digest, useClass: Sha256Digest },
    // Its processes are started when there is a PDF to draw.
    { provide: PdfRenderer, useFactory: () => new ProcessPdfRenderer() },
    {
      provide: ScanStore,
      useFactory: (config: Config, renderer: PdfRenderer) =>
        new DiskScanStore(join(resolve(config.ATTUNE_DATA_DIR), 'scans'), renderer),
      inject: [CONFIG, PdfRenderer],
    },
    ...acts.map((act) => collaborators.bind<object>(act)),
    collaborators.bind(PublishScans, { submit: SubmitWork }),
    bind(ForgetScans, UnitOfWork, ScanRepository, ScanStore, Clock),
  ],
  exports: [...acts, PublishScans, ForgetScans],
})
export class ScansModule {}
