import { Global, Module, type DynamicModule } from '@nestjs/common';
import type { Logger } from 'pino';
import {
  AuditModule,
  CONFIG,
  CoreModule,
  DatasetImportsModule,
  GradingModule,
  ModelsModule,
  ReviewsModule,
  ScansModule,
  StudentModelModule,
  TrainingModule,
  WorkLearningModule,
} from '#libs/composition';
import { Metrics, openTelemetry, Telemetry, type Config } from '#libs/platform';
import { EmitterModule } from './emitter.module.js';
import { GradeSubmissionJob } from './grading/grade-submission.job.js';
import { LearnFromWorkJob } from './grading/learn-from-work.job.js';
import { ReadScansJob } from './grading/read-scans.job.js';
import { VerifyModelJob } from './models/verify-model.job.js';
import { WatchModelJob } from './models/watch-model.job.js';
import { ImportFoldersJob } from './training/import.job.js';
import { PrepareRunJob, TrainHeadJob } from './training/run.jobs.js';
import { JobHandlers } from './job-handlers.js';
import { JobRunner } from './job-runner.js';
import { CourseChores } from './operation/course-chores.js';
import { Forgetting } from './operation/forgetting.js';
import { Housekeeping } from './operation/housekeeping.js';
import { Sealing } from './operation/sealing.js';
import { TrainingChores } from './operation/training-chores.js';
import { WorkerPort } from './operation/worker-port.js';

/** What the worker counts, and where its traces go. */
@Global()
@Module({
  providers: [
    { provide: Metrics, useFactory: () => new Metrics('worker') },
    { provide: Telemetry, useFactory: (config: Config) => openTelemetry(config, 'attune-worker'), inject: [CONFIG] },
  ],
  exports: [Metrics, Telemetry],
})
class WorkerOperation {}

/** Everything that is done behind the scenes: jobs, and what has to happen every hour. */
@Module({})
export class WorkerModule {
  static forRoot(config: Config, logger: Logger): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        CoreModule.forRoot(config, logger),
        WorkerOperation,
        EmitterModule,
        AuditModule,
        GradingModule,
        ModelsModule,
        DatasetImportsModule,
        TrainingModule,
        StudentModelModule,
        ReviewsModule,
        ScansModule,
        WorkLearningModule,
      ],
      providers: [
        GradeSubmissionJob,
        LearnFromWorkJob,
        ReadScansJob,
        VerifyModelJob,
        WatchModelJob,
        ImportFoldersJob,
        PrepareRunJob,
        TrainHeadJob,
        JobHandlers,
        JobRunner,
        Forgetting,
        CourseChores,
        TrainingChores,
        Sealing,
        Housekeeping,
        WorkerPort,
      ],
    };
  }
}
