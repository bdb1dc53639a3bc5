import { join, resolve } from 'node:path';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import type { Logger } from 'pino';
import { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, RateLimiter, UnitOfWork } from '#libs/identity';
import { CourseAccess, CourseRepository, PictureCleaner } from '#libs/learning';
import {
  AssignmentRepository,
  FileRepository,
  FileStore,
  GradeSubmission,
  GradingQueue,
  ListSubmissions,
  ManageAssignments,
  ReadAssignments,
  ReadFile,
  ReadSubmission,
  RequestWorkHint,
  ReviewQueue,
  ReviewSubmission,
  ScoreRepository,
  SubmissionRepository,
  SubmitWork,
  UploadPicture,
  WorkHintRepository,
  type GradingDependencies,
  WatchCourse,
} from '#libs/grading';
import { JobGradingQueue, JobQueue } from '#libs/jobs';
import {
  AmbientStatements,
  Database,
  PrismaAssignmentRepository,
  PrismaFileRepository,
  PrismaScoreRepository,
  PrismaSubmissionRepository,
  PrismaWorkHintRepository,
} from '#libs/persistence';
import type { Config } from '#libs/platform';
import { DiskFileStore } from '#libs/storage';
import { AuditModule } from './audit.module.js';
import { IdentityModule } from './identity.module.js';
import { LearningModule } from './learning.module.js';
import { CONFIG, LOGGER } from './tokens.js';
import { bind } from './use-case.js';

const DEPENDENCIES = Symbol('GradingDependencies');

const repositories = [
  [AssignmentRepository, PrismaAssignmentRepository],
  [SubmissionRepository, PrismaSubmissionRepository],
  [ScoreRepository, PrismaScoreRepository],
  [WorkHintRepository, PrismaWorkHintRepository],
  [FileRepository, PrismaFileRepository],
] as const;

const acts = [SubmitWork, GradeSubmission, ReviewSubmission, RequestWorkHint];

class JobQueueCloser implements OnApplicationShutdown {
  constructor(private readonly queue: JobQueue) {}

  async onApplicationShutdown(): Promise<void> {
    await this.queue.close();
  }
}

/** Assignments, submissions, scores and reviews, with the pictures that belong to them. */
@Module({
  imports: [IdentityModule, LearningModule, AuditModule],
  providers: [
    ...repositories.map(([provide, Repository]) => ({
      provide,
      useFactory: (database: Database): object => new Repository(database),
      inject: [Database],
    })),
    {
      provide: JobQueue,
      useFactory: (config: Config, logger: Logger, database: Database) =>
        new JobQueue({
          url: config.DATABASE_APP_URL,
          onTrouble: ({ code, message }) => logger.warn({ code }, message),
          ambient: new AmbientStatements(database),
        }),
      inject: [CONFIG, LOGGER, Database],
    },
    { provide: JobQueueCloser, useFactory: (queue: JobQueue) => new JobQueueCloser(queue), inject: [JobQueue] },
    {
      provide: GradingQueue,
      useFactory: (queue: JobQueue, database: Database) => new JobGradingQueue(queue, database),
      inject: [JobQueue, Database],
    },
    {
      provide: FileStore,
      useFactory: (config: Config) => new DiskFileStore(join(resolve(config.ATTUNE_DATA_DIR), 'files')),
      inject: [CONFIG],
    },
    {
      provide: DEPENDENCIES,
      useFactory: (
        unitOfWork: UnitOfWork,
        access: CourseAccess,
        assignments: AssignmentRepository,
        submissions: SubmissionRepository,
        scores: ScoreRepository,
        hints: WorkHintRepository,
        files: FileRepository,
        queue: GradingQueue,
        audit: AuditLog,
        events: EventLog,
        publisher: EventPublisher,
        clock: Clock,
        ids: IdSource,
      ): GradingDependencies => ({
        unitOfWork,
        access,
        assignments,
        submissions,
        scores,
        hints,
        files,
        queue,
        audit,
        events,
        publisher,
        clock,
        ids,
      }),
      inject: [
        UnitOfWork,
        CourseAccess,
        AssignmentRepository,
        SubmissionRepository,
        ScoreRepository,
        WorkHintRepository,
        FileRepository,
        GradingQueue,
        AuditLog,
        EventLog,
        EventPublisher,
        Clock,
        IdSource,
      ],
    },
    ...acts.map((act) => ({
      provide: act,
      useFactory: (deps: GradingDependencies): object => new act(deps),
      inject: [DEPENDENCIES],
    })),
    {
      provide: ManageAssignments,
      useFactory: (deps: GradingDependencies, courses: CourseRepository) => new ManageAssignments({ ...deps, courses }),
      inject: [DEPENDENCIES, CourseRepository],
    },
    {
      provide: ReadSubmission,
      useFactory: ({ unitOfWork, access, assignments, submissions, scores, hints }: GradingDependencies) =>
        new ReadSubmission(unitOfWork, access, assignments, submissions, { scores, hints }),
      inject: [DEPENDENCIES],
    },
    {
      provide: UploadPicture,
      useFactory: (
        { unitOfWork, files, clock }: GradingDependencies,
        cleaner: PictureCleaner,
        store: FileStore,
        limiter: RateLimiter,
      ) => new UploadPicture(unitOfWork, files, { cleaner, store }, limiter, clock),
      inject: [DEPENDENCIES, PictureCleaner, FileStore, RateLimiter],
    },
    bind(ReadAssignments, UnitOfWork, CourseAccess, AssignmentRepository, Clock),
    bind(ListSubmissions, UnitOfWork, CourseAccess, AssignmentRepository, SubmissionRepository),
    bind(ReviewQueue, UnitOfWork, CourseAccess, AssignmentRepository, SubmissionRepository),
    bind(WatchCourse, CourseAccess),
    bind(ReadFile, UnitOfWork, CourseAccess, FileRepository, SubmissionRepository, FileStore),
  ],
  exports: [
    ...acts,
    ListSubmissions,
    ManageAssignments,
    ReadAssignments,
    ReadSubmission,
    ReviewQueue,
    WatchCourse,
    UploadPicture,
    ReadFile,
    JobQueue,
    IdentityModule,
  ],
})
export class GradingModule {}
