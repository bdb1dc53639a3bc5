import { Module } from '@nestjs/common';
import { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { UnitOfWork } from '#libs/identity';
import { Database, SqlWorkLedger } from '#libs/persistence';
import { CatalogueSource, LearnFromWork, WorkLedger, type WorkLearningDependencies } from '#libs/tutoring';
import { IdentityModule } from './identity.module.js';
import { StudentModelModule } from './student-model.module.js';
import { adapt, Collaborators } from './use-case.js';

const collaborators = new Collaborators<WorkLearningDependencies>({
  unitOfWork: UnitOfWork,
  ledger: WorkLedger,
  catalogues: CatalogueSource,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

/** What learns from work that was handed in. */
@Module({
  imports: [IdentityModule, StudentModelModule],
  providers: [adapt(WorkLedger, SqlWorkLedger, Database), collaborators.bind(LearnFromWork)],
  exports: [LearnFromWork],
})
export class WorkLearningModule {}
