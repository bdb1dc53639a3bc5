import { Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Clock, EventLog, EventPublisher, IdSource } from '#libs/kernel';
import { AuditLog, UnitOfWork, UserRepository } from '#libs/identity';
import {
  CourseAccess,
  CourseMediaRepository,
  CourseRepository,
  EnrolmentRepository,
  PictureCleaner,
} from '#libs/learning';
import {
  AssignmentRepository,
  ClassifyGrader,
  ConfirmReviews,
  DecisionRepository,
  DiagramGrader,
  DrawingDetector,
  ExportGrades,
  ExtensionRepository,
  FileRepository,
  FileStore,
  ForgetFiles,
  FunctionPlotGrader,
  Graders,
  GradeSubmission,
  GradingQueue,
  GrantExtension,
  LearnPixelClassifier,
  LabelledPartsGrader,
  LabPhotoGrader,
  ListSubmissions,
  ManageAssignments,
  PhotoMeasurer,
  PictureLooks,
  PreviewGrade,
  ProjectGrader,
  ReadAssignments,
  ReadFile,
  ReadHandOut,
  ReadSubmission,
  ReadSkillsShown,
  ReadTrust,
  RegradeAssignment,
  RegradeLog,
  RegradeRepository,
  RequestRegrade,
  RequestWorkHint,
  ReviewQueue,
  ReviewQueueReader,
  ReviewSubmission,
  ScoreRepository,
  SheetReader,
  SketchGrader,
  SubmissionRepository,
  SubmitWork,
  UploadFile,
  WorkHintRepository,
  type GradingDependencies,
  WatchCourse,
  WithdrawReviews,
} from '#libs/grading';
import { ModelDrawingDetector, OpenCvPhotoMeasurer, SharpPictureLooks, TesseractSheetReader } from '#libs/imaging';
import {
  ConsultModels,
  InferenceRuntime,
  ModelQueue,
  ModelRepository,
  PackageVerifier,
  PictureReader,
} from '#libs/models';
import { JobGradingQueue, JobQueue } from '#libs/jobs';
import {
  Database,
  PrismaAssignmentRepository,
  PrismaExtensionRepository,
  PrismaFileRepository,
  PrismaRegradeLog,
  PrismaRegradeRepository,
  PrismaScoreRepository,
  PrismaSubmissionRepository,
  PrismaWorkHintRepository,
  SqlDecisionRepository,
  SqlReviewQueueReader,
} from '#libs/persistence';
import { drawingDetector } from '#libs/platform';
import { openShippedPackage } from '#libs/storage';
import { ReadTestSet } from '#libs/training';
import { AuditModule } from './audit.module.js';
import { DatasetsModule } from './datasets.module.js';
import { IdentityModule } from './identity.module.js';
import { InferenceModule } from './inference.module.js';
import { JobsModule } from './jobs.module.js';
import { LearningModule } from './learning.module.js';
import { ModelsModule } from './models.module.js';
import { StorageModule } from './storage.module.js';
import { adapt, bind, Collaborators } from './use-case.js';

const collaborators = new Collaborators<GradingDependencies>({
  unitOfWork: UnitOfWork,
  access: CourseAccess,
  users: UserRepository,
  assignments: AssignmentRepository,
  extensions: ExtensionRepository,
  submissions: SubmissionRepository,
  scores: ScoreRepository,
  decisions: DecisionRepository,
  hints: WorkHintRepository,
  regrades: RegradeRepository,
  files: FileRepository,
  media: CourseMediaRepository,
  models: ModelRepository,
  modelQueue: ModelQueue,
  queue: GradingQueue,
  audit: AuditLog,
  events: EventLog,
  publisher: EventPublisher,
  clock: Clock,
  ids: IdSource,
});

const acts = [ReadSubmission, ReviewSubmission, WithdrawReviews, RequestRegrade, RequestWorkHint];

/** Assignments, submissions, scores and reviews, with the pictures that belong to them. */
@Module({
  imports: [
    IdentityModule,
    LearningModule,
    AuditModule,
    JobsModule,
    ModelsModule,
    DatasetsModule,
    StorageModule,
    InferenceModule,
  ],
  providers: [
    adapt(AssignmentRepository, PrismaAssignmentRepository, Database),
    adapt(SubmissionRepository, PrismaSubmissionRepository, Database),
    adapt(ScoreRepository, PrismaScoreRepository, Database),
    adapt(DecisionRepository, SqlDecisionRepository, Database),
    adapt(WorkHintRepository, PrismaWorkHintRepository, Database),
    adapt(RegradeLog, PrismaRegradeLog, Database),
    adapt(RegradeRepository, PrismaRegradeRepository, Database),
    adapt(ReviewQueueReader, SqlReviewQueueReader, Database),
    adapt(ExtensionRepository, PrismaExtensionRepository, Database),
    adapt(FileRepository, PrismaFileRepository, Database),
    adapt(GradingQueue, JobGradingQueue, JobQueue, Database),
    // Their threads are started when there is a photo to measure, or a sheet to read.
    { provide: PhotoMeasurer, useFactory: () => new OpenCvPhotoMeasurer() },
    { provide: SheetReader, useFactory: () => new TesseractSheetReader() },
    // Its model is read when there is a photo of a diagram.
    {
      provide: DrawingDetector,
      useFactory: (pictures: PictureReader, runtime: InferenceRuntime) =>
        new ModelDrawingDetector(() => openShippedPackage(drawingDetector), pictures, runtime),
      inject: [PictureReader, InferenceRuntime],
    },
    ...acts.map((act) => collaborators.bind<object>(act)),
    {
      provide: Graders,
      useFactory: (
        models: ConsultModels,
        testSets: ReadTestSet,
        packages: PackageVerifier,
        photos: PhotoMeasurer,
        sheets: SheetReader,
        drawings: DrawingDetector,
      ) =>
        new Graders({
          'labelled-parts': new LabelledPartsGrader(sheets),
          diagram: new DiagramGrader(drawings, photos),
          'function-plot': new FunctionPlotGrader(),
          sketch: new SketchGrader(),
          classify: new ClassifyGrader(models),
          project: new ProjectGrader(testSets, packages),
          'lab-photo': new LabPhotoGrader(photos),
        }),
      inject: [ConsultModels, ReadTestSet, PackageVerifier, PhotoMeasurer, SheetReader, DrawingDetector],
    },
    collaborators.bind(SubmitWork, { graders: Graders, store: FileStore, enrolments: EnrolmentRepository }),
    collaborators.bind(GradeSubmission, { graders: Graders, store: FileStore }),
    collaborators.bind(RegradeAssignment, {
      courses: CourseRepository,
      graders: Graders,
      store: FileStore,
      log: RegradeLog,
    }),
    collaborators.bind(ExportGrades),
    collaborators.bind(PreviewGrade, { graders: Graders, store: FileStore }),
    collaborators.bind(LearnPixelClassifier, { measurer: PhotoMeasurer, store: FileStore }),
    collaborators.bind(GrantExtension, { enrolments: EnrolmentRepository }),
    collaborators.bind(ManageAssignments, { courses: CourseRepository, testSets: ReadTestSet }),
    adapt(PictureLooks, SharpPictureLooks),
    collaborators.bind(ReadSkillsShown, { courses: CourseRepository }),
    collaborators.bind(UploadFile, { cleaner: PictureCleaner, store: FileStore, looks: PictureLooks }),
    bind(ForgetFiles, UnitOfWork, FileRepository, FileStore, Clock),
    bind(ReadAssignments, UnitOfWork, CourseAccess, AssignmentRepository, ExtensionRepository, Clock),
    bind(ListSubmissions, UnitOfWork, CourseAccess, AssignmentRepository, SubmissionRepository),
    collaborators.bind(ReviewQueue, { queue: ReviewQueueReader }),
    bind(ReadTrust, UnitOfWork, CourseAccess, AssignmentRepository, DecisionRepository),
    bind(ReadHandOut, ReadAssignments, ReadTestSet),
    bind(ConfirmReviews, CourseAccess, ReviewSubmission),
    bind(WatchCourse, CourseAccess),
    bind(ReadFile, UnitOfWork, CourseAccess, FileRepository, SubmissionRepository, FileStore),
  ],
  exports: [
    AssignmentRepository,
    SubmissionRepository,
    FileRepository,
    PictureLooks,
    ...acts,
    ConfirmReviews,
    SubmitWork,
    ExportGrades,
    ForgetFiles,
    GradeSubmission,
    GrantExtension,
    LearnPixelClassifier,
    ListSubmissions,
    ManageAssignments,
    PreviewGrade,
    RegradeAssignment,
    ReadAssignments,
    ReadSkillsShown,
    ReadTrust,
    ReviewQueue,
    WatchCourse,
    UploadFile,
    ReadFile,
    ReadHandOut,
    IdentityModule,
    JobsModule,
  ],
})
export class GradingModule implements OnApplicationShutdown {
  constructor(
    @Inject(PhotoMeasurer) private readonly photos: PhotoMeasurer,
    @Inject(SheetReader) private readonly sheets: SheetReader,
  ) {}

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.photos.close(), this.sheets.close()]);
  }
}
