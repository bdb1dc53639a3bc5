import { Module } from '@nestjs/common';
import { Clock, EventLog, EventPublisher } from '#libs/kernel';
import { InstitutionRepository, UnitOfWork } from '#libs/identity';
import { Database, SqlDueLearnerRepository } from '#libs/persistence';
import { CatalogueSource, DueLearnerRepository, TellReviews, type TellReviewsDependencies } from '#libs/tutoring';
import { IdentityModule } from './identity.module.js';
import { StudentModelModule } from './student-model.module.js';
import { adapt, Collaborators } from './use-case.js';

const collaborators = new Collaborators<TellReviewsDependencies>({
  unitOfWork: UnitOfWork,
  institutions: InstitutionRepository,
  learners: DueLearnerRepository,
  catalogues: CatalogueSource,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
});

/** What tells learners of reviews that are due. */
@Module({
  imports: [IdentityModule, StudentModelModule],
  providers: [adapt(DueLearnerRepository, SqlDueLearnerRepository, Database), collaborators.bind(TellReviews)],
  exports: [TellReviews],
})
export class ReviewsModule {}
