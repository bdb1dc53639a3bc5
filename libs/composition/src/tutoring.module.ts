import { Module } from '@nestjs/common';
import { Clock, EventPublisher, IdSource } from '#libs/kernel';
import { SampleDesk } from '#libs/engagement';
import { AuditLog, InstitutionRepository, UnitOfWork } from '#libs/identity';
import { CourseAccess, CourseRepository } from '#libs/learning';
import {
  ConsentedEngagementSharing,
  Database,
  PrismaCourseControlsRepository,
  PrismaPolicyRepository,
  PrismaSessionRepository,
  SqlEngagementArchive,
  SqlLearnerArchive,
  SqlSamplingSource,
  SqlTutoringStore,
} from '#libs/persistence';
import {
  BrowseActivities,
  CatalogueSource,
  CloseSession,
  CourseControlsRepository,
  EngagementArchive,
  EngagementSharing,
  ManagePolicies,
  NextActivity,
  OpenSession,
  PolicyRepository,
  ReactToOffer,
  ReadClassEngagement,
  ReadCourseControls,
  ReadDecision,
  ReadOffer,
  ReadLanguages,
  ReadMastery,
  ReadPolicies,
  ReadReviews,
  ReadSkillMap,
  ReadSessions,
  RecordInteraction,
  RecordResponse,
  RequestHint,
  SamplingSource,
  SessionRepository,
  SetCourseControls,
  TakePartInExperiments,
  TakeSamples,
  TutoringStore,
  LearnerArchive,
  type ControlDependencies,
  type ExperimentDependencies,
  type OfferDependencies,
  type PolicyDependencies,
  type ReviewDependencies,
  type TutoringDependencies,
} from '#libs/tutoring';
import { ConsentRepository } from '#libs/governance';
import { AuditModule } from './audit.module.js';
import { GovernanceModule } from './governance.module.js';
import { IdentityModule } from './identity.module.js';
import { LearningModule } from './learning.module.js';
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

const policyCollaborators = new Collaborators<PolicyDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  courses: CourseRepository,
  policies: PolicyRepository,
  audit: AuditLog,
  clock: Clock,
});

const experimentCollaborators = new Collaborators<ExperimentDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  policies: PolicyRepository,
  catalogues: CatalogueSource,
  store: TutoringStore,
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
  imports: [IdentityModule, AuditModule, LearningModule, GovernanceModule, StudentModelModule],
  providers: [
    adapt(TutoringStore, SqlTutoringStore, Database),
    adapt(PolicyRepository, PrismaPolicyRepository, Database),
    adapt(SessionRepository, PrismaSessionRepository, Database),
    ...acts.map((act) => collaborators.bind<object>(act)),
    bind(BrowseActivities, CourseAccess, CatalogueSource, Clock),
    adapt(CourseControlsRepository, PrismaCourseControlsRepository, Database),
    controlCollaborators.bind(ReadCourseControls),
    controlCollaborators.bind(SetCourseControls, { audit: AuditLog }),
    bind(ReadDecision, CourseAccess, TutoringStore, CatalogueSource),
    adapt(EngagementSharing, ConsentedEngagementSharing, Database, ConsentRepository),
    offerCollaborators.bind(ReadOffer),
    adapt(EngagementArchive, SqlEngagementArchive, Database),
    bind(ReadClassEngagement, CourseAccess, UnitOfWork, EngagementArchive),
    bind(ReadLanguages, TutoringStore),
    bind(ReadMastery, CourseAccess, TutoringStore, CatalogueSource),
    bind(ReadPolicies, CourseAccess, UnitOfWork, PolicyRepository),
    policyCollaborators.bind(ManagePolicies),
    experimentCollaborators.bind(TakePartInExperiments),
    reviewCollaborators.bind(ReadReviews),
    bind(ReadSkillMap, CourseAccess, LearnerArchive, CatalogueSource),
    adapt(LearnerArchive, SqlLearnerArchive, Database),
    adapt(SamplingSource, SqlSamplingSource, Database),
    { provide: SampleDesk, useFactory: () => new SampleDesk() },
    bind(TakeSamples, SamplingSource, CatalogueSource, SampleDesk, Clock),
    bind(ReadSessions, CourseAccess, UnitOfWork, SessionRepository),
  ],
  exports: [
    StudentModelModule,
    TutoringStore,
    ...acts,
    BrowseActivities,
    ReadClassEngagement,
    ReadCourseControls,
    SetCourseControls,
    ReadDecision,
    ReadOffer,
    ReadLanguages,
    ReadMastery,
    ReadPolicies,
    ManagePolicies,
    TakePartInExperiments,
    TakeSamples,
    ReadReviews,
    ReadSkillMap,
    ReadSessions,
  ],
})
export class TutoringModule {}
