import { Injectable } from '@nestjs/common';
import type { Attempt, GivenUp, JobData, QueueName } from '#libs/jobs';
import { GradeSubmissionJob } from './grading/grade-submission.job.js';
import { LearnFromWorkJob } from './grading/learn-from-work.job.js';
import { ReadScansJob } from './grading/read-scans.job.js';
import { VerifyModelJob } from './models/verify-model.job.js';
import { WatchModelJob } from './models/watch-model.job.js';
import { ImportFoldersJob } from './training/import.job.js';
import { PrepareRunJob, TrainHeadJob } from './training/run.jobs.js';

/** Does the jobs of one queue. */
interface Job<Q extends QueueName> {
  run(data: JobData[Q], attempt: Attempt): Promise<'done' | GivenUp>;
  /** For a job whose worker did not live to say that it failed. */
  giveUp(data: JobData[Q]): Promise<void>;
}

/** Who does the jobs of which queue; a queue without anybody does not compile. */
@Injectable()
export class JobHandlers {
  readonly byQueue: { readonly [Q in QueueName]: Job<Q> };

  constructor(
    private readonly gradeSubmission: GradeSubmissionJob,
    learnFromWork: LearnFromWorkJob,
    readScans: ReadScansJob,
    verifyModel: VerifyModelJob,
    watchModel: WatchModelJob,
    importFolders: ImportFoldersJob,
    prepareRun: PrepareRunJob,
    trainHead: TrainHeadJob,
  ) {
    this.byQueue = {
      'grade-submission': gradeSubmission,
      'grade-package': gradeSubmission,
      'learn-from-work': learnFromWork,
      'read-scans': readScans,
      'verify-model': verifyModel,
      'watch-model': watchModel,
      'import-folders': importFolders,
      'prepare-run': prepareRun,
      'train-head': trainHead,
    };
  }

  /** Loads what the first job would otherwise wait for. */
  async warmUp(): Promise<void> {
    await this.gradeSubmission.warmUp();
  }
}
