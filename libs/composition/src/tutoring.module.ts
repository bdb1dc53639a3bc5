import { Module } from '@nestjs/common';
import { Clock, EventPublisher, IdSource } from '#libs/kernel';
import { UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import { Database, PrismaSessionRepository, SqlTutoringStore } from '#libs/persistence';
import {
  BrowseActivities,
  CatalogueSource,
  CloseSession,
  NextActivity,
  OpenSession,
  ReactToOffer,
  ReadDecision,
  ReadLanguages,
  ReadMastery,
  ReadSessions,
  RecordInteraction,
  RecordResponse,
  RequestHint,
  SessionRepository,
  TutoringStore,
  type TutoringDependencies,
} from '#libs/tutoring';
import { StudentModelModule } from './student-model.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<TutoringDependencies>({
  store: TutoringStore,
  catalogues: CatalogueSource,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

const acts = [OpenSession, CloseSession, NextActivity, RecordResponse, RecordInteraction, RequestHint, ReactToOffer];

/** The core act: respond → mastery → next. */
@Module({
  imports: [StudentModelModule],
  providers: [
    adapt(TutoringStore, SqlTutoringStore, Database),
    adapt(SessionRepository, PrismaSessionRepository, Database),
    ...acts.map((act) => collaborators.bind<object>(act)),
    bind(BrowseActivities, CourseAccess, CatalogueSource, Clock),
    bind(ReadDecision, CourseAccess, TutoringStore, CatalogueSource),
    bind(ReadLanguages, TutoringStore),
    bind(ReadMastery, CourseAccess, TutoringStore, CatalogueSource),
    bind(ReadSessions, CourseAccess, UnitOfWork, SessionRepository),
  ],
  exports: [
    StudentModelModule,
    TutoringStore,
    ...acts,
    BrowseActivities,
    ReadDecision,
    ReadLanguages,
    ReadMastery,
    ReadSessions,
  ],
})
export class TutoringModule {}
