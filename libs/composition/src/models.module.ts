import { Module } from '@nestjs/common';
import { Clock, EventLog, EventPublisher } from '#libs/kernel';
import { AuditLog, UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import { ProcessPackageVerifier } from '#libs/inference';
import { JobModelQueue, JobQueue } from '#libs/jobs';
import {
  ConsultModels,
  InferenceRuntime,
  ListModels,
  ModelQueue,
  ModelRepository,
  MoveModel,
  PackageStore,
  PackageVerifier,
  PictureReader,
  UploadModel,
  VerifyModel,
  WatchModel,
  type ConsultModelsDependencies,
  type ModelDependencies,
  type WatchModelDependencies,
} from '#libs/models';
import { Database, PrismaModelRepository } from '#libs/persistence';
import { verifierEntry } from '#libs/platform';
import { AuditModule } from './audit.module.js';
import { IdentityModule } from './identity.module.js';
import { InferenceModule } from './inference.module.js';
import { JobsModule } from './jobs.module.js';
import { StorageModule } from './storage.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<ModelDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  models: ModelRepository,
  store: PackageStore,
  queue: ModelQueue,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
});

const consulting = new Collaborators<ConsultModelsDependencies>({
  unitOfWork: UnitOfWork,
  models: ModelRepository,
  store: PackageStore,
  runtime: InferenceRuntime,
  pictures: PictureReader,
});

const watching = new Collaborators<WatchModelDependencies>({
  unitOfWork: UnitOfWork,
  models: ModelRepository,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
});

/** Trained models: how they come in, are verified, and come to judge. */
@Module({
  imports: [IdentityModule, AuditModule, JobsModule, InferenceModule, StorageModule],
  providers: [
    adapt(ModelRepository, PrismaModelRepository, Database),
    adapt(ModelQueue, JobModelQueue, JobQueue, Database),
    { provide: PackageVerifier, useFactory: () => new ProcessPackageVerifier(verifierEntry) },
    collaborators.bind(UploadModel),
    collaborators.bind(MoveModel),
    collaborators.bind(VerifyModel, { verifier: PackageVerifier }),
    consulting.bind(ConsultModels),
    watching.bind(WatchModel),
    bind(ListModels, UnitOfWork, CourseAccess, ModelRepository, Clock),
  ],
  exports: [
    StorageModule,
    PackageVerifier,
    InferenceModule,
    UploadModel,
    MoveModel,
    VerifyModel,
    ListModels,
    ConsultModels,
    ModelRepository,
    ModelQueue,
    WatchModel,
    IdentityModule,
  ],
})
export class ModelsModule {}
