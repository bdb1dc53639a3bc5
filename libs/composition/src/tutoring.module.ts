import { Module } from '@nestjs/common';
import { Clock, EventPublisher, IdSource } from '#libs/kernel';
import { UnitOfWork } from '#libs/identity';
import { CourseAccess } from '#libs/learning';
import { CachedCatalogueSource, Database, PrismaSessionRepository, SqlTutoringStore } from '#libs/persistence';
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
import { bind } from './use-case.js';

const DEPENDENCIES = Symbol('TutoringDependencies');

const acts = [OpenSession, CloseSession, NextActivity, RecordResponse, RecordInteraction, RequestHint, ReactToOffer];

/** The core act: respond → mastery → next. */
@Module({
  providers: [
    { provide: TutoringStore, useFactory: (database: Database) => new SqlTutoringStore(database), inject: [Database] },
    {
      provide: CatalogueSource,
      useFactory: (database: Database) => new CachedCatalogueSource(database),
      inject: [Database],
    },
    {
      provide: SessionRepository,
      useFactory: (database: Database) => new PrismaSessionRepository(database),
      inject: [Database],
    },
    {
      provide: DEPENDENCIES,
      useFactory: (
        store: TutoringStore,
        catalogues: CatalogueSource,
        publisher: EventPublisher,
        clock: Clock,
        ids: IdSource,
      ): TutoringDependencies => ({ store, catalogues, publisher, clock, ids }),
      inject: [TutoringStore, CatalogueSource, EventPublisher, Clock, IdSource],
    },
    ...acts.map((act) => ({
      provide: act,
      useFactory: (deps: TutoringDependencies): object => new act(deps),
      inject: [DEPENDENCIES],
    })),
    bind(BrowseActivities, CourseAccess, CatalogueSource, Clock),
    bind(ReadDecision, CourseAccess, TutoringStore, CatalogueSource),
    bind(ReadLanguages, TutoringStore),
    bind(ReadMastery, CourseAccess, TutoringStore, CatalogueSource),
    bind(ReadSessions, CourseAccess, UnitOfWork, SessionRepository),
  ],
  exports: [
    TutoringStore,
    CatalogueSource,
    ...acts,
    BrowseActivities,
    ReadDecision,
    ReadLanguages,
    ReadMastery,
    ReadSessions,
  ],
})
export class TutoringModule {}
