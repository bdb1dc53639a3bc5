import { Module } from '@nestjs/common';
import { Clock, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, InstitutionRepository, UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import {
  Database,
  ConsentedEngagementSharing,
  PrismaCourseControlsRepository,
  PrismaSessionRepository,
  SqlLearnerArchive,
  SqlTutoringStore,
} from '#libs/persistence';
import {
  BrowseActivities,
  CatalogueSource,
  CloseSession,
  CourseControlsRepository,
  EngagementSharing,
  NextActivity,
  OpenSession,
  ReactToOffer,
  ReadCourseControls,
  ReadDecision,
  ReadOffer,
  ReadLanguages,
  ReadMastery,
  ReadReviews,
  ReadSkillMap,
  ReadSessions,
  RecordInteraction,
  RecordResponse,
  RequestHint,
  SessionRepository,
  SetCourseControls,
  TutoringStore,
  LearnerArchive,
  type ControlDependencies,
  type OfferDependencies,
  type ReviewDependencies,
  type TutoringDependencies,
} from '#libs/tutoring';
import { ConsentRepository } from '#libs/governance';
import { AuditModule } from './audit.module.js';
import { GovernanceModule } from './governance.module.js';
import { IdentityModule } from './identity.module.js';
import { StudentModelModule } from './student-model.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<TutoringDependencies>({
  store: TutoringStore,
  catalogues: CatalogueSource,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

const reviewCollaborators = new Collaborators<ReviewDependencies>({
  access: CourseAccess,
  unitOfWork: UnitOfWork,
  institutions: InstitutionRepository,
  store: TutoringStore,
  catalogues: CatalogueSource,
  clock: Clock,
});

const controlCollaborators = new Collaborators<ControlDependencies>({
  access: CourseAccess,
  unitOfWork: UnitOfWork,
  institutions: InstitutionRepository,
  controls: CourseControlsRepository,
  catalogues: CatalogueSource,
  clock: Clock,
});

const offerCollaborators = new Collaborators<OfferDependencies>({
  access: CourseAccess,
  store: TutoringStore,
  catalogues: CatalogueSource,
  sharing: EngagementSharing,
  clock: Clock,
});

const acts = [OpenSession, CloseSession, NextActivity, RecordResponse, RecordInteraction, RequestHint, ReactToOffer];

/** The core act: respond → mastery → next. */
@Module({
  imports: [IdentityModule, StudentModelModule, AuditModule, GovernanceModule],
  providers: [
    adapt(TutoringStore, SqlTutoringStore, Database),
    adapt(SessionRepository, PrismaSessionRepository, Database),
    ...acts.map((act) => collaborators.bind<object>(act)),
    bind(BrowseActivities, CourseAccess, CatalogueSource, Clock),
    adapt(CourseControlsRepository, PrismaCourseControlsRepository, Database),
    controlCollaborators.bind(ReadCourseControls),
    controlCollaborators.bind(SetCourseControls, { audit: AuditLog }),
    bind(ReadDecision, CourseAccess, TutoringStore, CatalogueSource),
    adapt(EngagementSharing, ConsentedEngagementSharing, Database, ConsentRepository),
    offerCollaborators.bind(ReadOffer),
    bind(ReadLanguages, TutoringStore),
    bind(ReadMastery, CourseAccess, TutoringStore, CatalogueSource),
    reviewCollaborators.bind(ReadReviews),
    bind(ReadSkillMap, CourseAccess, LearnerArchive, CatalogueSource),
    adapt(LearnerArchive, SqlLearnerArchive, Database),
    bind(ReadSessions, CourseAccess, UnitOfWork, SessionRepository),
  ],
  exports: [
    StudentModelModule,
    TutoringStore,
    ...acts,
    BrowseActivities,
    ReadCourseControls,
    SetCourseControls,
    ReadDecision,
    ReadOffer,
    ReadLanguages,
    ReadMastery,
    ReadReviews,
    ReadSkillMap,
    ReadSessions,
  ],
})
export class TutoringModule {}
