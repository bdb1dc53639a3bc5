import { join, resolve } from 'node:path';
import { Module } from '@nestjs/common';
import { Clock, Digest, EventLog, EventPublisher } from '#libs/kernel';
import { AuditLog, RateLimiter, SecretSource, UnitOfWork } from '#libs/identity';
import { JobQueue, JobTrainingQueue } from '#libs/jobs';
import { CourseAccess } from '#libs/learning';
import { InferenceRuntime, ModelRepository, PackageStore, PictureReader, UploadModel } from '#libs/models';
import { Database, PrismaRunRepository } from '#libs/persistence';
import type { Config } from '#libs/platform';
import { Seal } from '#libs/security';
import { DiskPackageWriter, Sha256Digest } from '#libs/storage';
import {
  ArchiveLedger,
  ArchiveStore,
  DatasetRepository,
  ForgetWithdrawn,
  FreezeDataset,
  ListRuns,
  ManageRuns,
  PackageWriter,
  PrepareRun,
  RunRepository,
  ServeRun,
  TendRuns,
  TicketSeal,
  TrainHeadRun,
  TrainingQueue,
  type RunDependencies,
} from '#libs/training';
import { AuditModule } from './audit.module.js';
import { DatasetsModule } from './datasets.module.js';
import { IdentityModule } from './identity.module.js';
import { JobsModule } from './jobs.module.js';
import { ModelsModule } from './models.module.js';
import { CONFIG } from './tokens.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<RunDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  datasets: DatasetRepository,
  runs: RunRepository,
  archives: ArchiveStore,
  ledger: ArchiveLedger,
  queue: TrainingQueue,
  secrets: SecretSource,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
});

/** Training runs: by the training package, wherever that is, or here as small heads. */
@Module({
  imports: [IdentityModule, AuditModule, JobsModule, DatasetsModule, ModelsModule],
  providers: [
    adapt(RunRepository, PrismaRunRepository, Database),
    adapt(TrainingQueue, JobTrainingQueue, JobQueue, Database),
    {
      provide: TicketSeal,
      useFactory: (config: Config) => new Seal(config.ATTUNE_SECRET, 'tickets'),
      inject: [CONFIG],
    },
    {
      provide: PackageWriter,
      useFactory: (config: Config) => new DiskPackageWriter(join(resolve(config.ATTUNE_DATA_DIR), 'uploads')),
      inject: [CONFIG],
    },
    { provide: Digest, useClass: Sha256Digest },
    collaborators.bind(ManageRuns),
    collaborators.bind(TendRuns),
    collaborators.bind(ForgetWithdrawn),
    collaborators.bind(PrepareRun, { freeze: FreezeDataset }),
    collaborators.bind(ServeRun, {
      limiter: RateLimiter,
      tickets: TicketSeal,
      upload: UploadModel,
      models: ModelRepository,
    }),
    collaborators.bind(TrainHeadRun, {
      models: ModelRepository,
      packages: PackageStore,
      writer: PackageWriter,
      upload: UploadModel,
      runtime: InferenceRuntime,
      pictures: PictureReader,
      sha256: Digest,
    }),
    bind(ListRuns, UnitOfWork, CourseAccess, RunRepository, Clock),
  ],
  exports: [
    ManageRuns,
    PrepareRun,
    ServeRun,
    TrainHeadRun,
    TendRuns,
    ForgetWithdrawn,
    ListRuns,
    DatasetsModule,
    IdentityModule,
  ],
})
export class TrainingModule {}
