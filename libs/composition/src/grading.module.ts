import { join, resolve } from 'node:path';
import { Module } from '@nestjs/common';
import { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, UnitOfWork, UserRepository } from '#libs/identity';
import { CourseAccess, CourseRepository, PictureCleaner } from '#libs/learning';
import {
  AssignmentRepository,
  ClassifyGrader,
  FileRepository,
  FileStore,
  ForgetFiles,
  FunctionPlotGrader,
  Graders,
  GradeSubmission,
  GradingQueue,
  LabelledPartsGrader,
  ListSubmissions,
  ManageAssignments,
  ProjectGrader,
  ReadAssignments,
  ReadFile,
  ReadHandOut,
  ReadSubmission,
  RequestWorkHint,
  ReviewQueue,
  ReviewSubmission,
  ScoreRepository,
  SketchGrader,
  SubmissionRepository,
  SubmitWork,
  UploadFile,
  WorkHintRepository,
  type GradingDependencies,
  WatchCourse,
} from '#libs/grading';
import { ConsultModels, ModelQueue, ModelRepository, PackageVerifier } from '#libs/models';
import { JobGradingQueue, JobQueue } from '#libs/jobs';
import {
  Database,
  PrismaAssignmentRepository,
  PrismaFileRepository,
  PrismaScoreRepository,
  PrismaSubmissionRepository,
  PrismaWorkHintRepository,
} from '#libs/persistence';
import type { Config } from '#libs/platform';
import { DiskFileStore } from '#libs/storage';
import { ReadTestSet } from '#libs/training';
import { AuditModule } from './audit.module.js';
import { DatasetsModule } from './datasets.module.js';
import { IdentityModule } from './identity.module.js';
import { JobsModule } from './jobs.module.js';
import { LearningModule } from './learning.module.js';
import { ModelsModule } from './models.module.js';
import { CONFIG } from './tokens.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<GradingDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  users: UserRepository,
  assignments: AssignmentRepository,
  submissions: SubmissionRepository,
  scores: ScoreRepository,
  hints: WorkHintRepository,
  files: FileRepository,
  models: ModelRepository,
  modelQueue: ModelQueue,
  queue: GradingQueue,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

const acts = [ReadSubmission, ReviewSubmission, RequestWorkHint];

/** Assignments, submissions, scores and reviews, with the pictures that belong to them. */
@Module({
  imports: [IdentityModule, LearningModule, AuditModule, JobsModule, ModelsModule, DatasetsModule],
  providers: [
    adapt(AssignmentRepository, PrismaAssignmentRepository, Database),
    adapt(SubmissionRepository, PrismaSubmissionRepository, Database),
    adapt(ScoreRepository, PrismaScoreRepository, Database),
    adapt(WorkHintRepository, PrismaWorkHintRepository, Database),
    adapt(FileRepository, PrismaFileRepository, Database),
    adapt(GradingQueue, JobGradingQueue, JobQueue, Database),
    {
      provide: FileStore,
      useFactory: (config: Config) => new DiskFileStore(join(resolve(config.ATTUNE_DATA_DIR), 'files')),
      inject: [CONFIG],
    },
    ...acts.map((act) => collaborators.bind<object>(act)),
    {
      provide: Graders,
      useFactory: (models: ConsultModels, testSets: ReadTestSet, packages: PackageVerifier) =>
        new Graders({
          'labelled-parts': new LabelledPartsGrader(),
          'function-plot': new FunctionPlotGrader(),
          sketch: new SketchGrader(),
          classify: new ClassifyGrader(models),
          project: new ProjectGrader(testSets, packages),
        }),
      inject: [ConsultModels, ReadTestSet, PackageVerifier],
    },
    collaborators.bind(SubmitWork, { graders: Graders, store: FileStore }),
    collaborators.bind(GradeSubmission, { graders: Graders, store: FileStore }),
    collaborators.bind(ManageAssignments, { courses: CourseRepository, testSets: ReadTestSet }),
    collaborators.bind(UploadFile, { cleaner: PictureCleaner, store: FileStore }),
    bind(ForgetFiles, UnitOfWork, FileRepository, FileStore, Clock),
    bind(ReadAssignments, UnitOfWork, CourseAccess, AssignmentRepository, Clock),
    bind(ListSubmissions, UnitOfWork, CourseAccess, AssignmentRepository, SubmissionRepository),
    bind(ReviewQueue, UnitOfWork, CourseAccess, AssignmentRepository, SubmissionRepository),
    bind(ReadHandOut, ReadAssignments, ReadTestSet),
    bind(WatchCourse, CourseAccess),
    bind(ReadFile, UnitOfWork, CourseAccess, FileRepository, SubmissionRepository, FileStore),
  ],
  exports: [
    ...acts,
    SubmitWork,
    ForgetFiles,
    GradeSubmission,
    ListSubmissions,
    ManageAssignments,
    ReadAssignments,
    ReviewQueue,
    WatchCourse,
    UploadFile,
    ReadFile,
    ReadHandOut,
    IdentityModule,
    JobsModule,
  ],
})
export class GradingModule {}
