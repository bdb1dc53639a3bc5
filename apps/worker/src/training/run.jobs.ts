import { Injectable } from '@nestjs/common';
import { PrepareRun, TrainHeadRun } from '#libs/training';
import { SystemJob } from '../system-job.js';

/** Freezes the dataset of the training run that a job names. */
@Injectable()
export class PrepareRunJob extends SystemJob<'runId'> {
  constructor(protected override readonly step: PrepareRun) {
    super('runId');
  }
}

/** Trains the head of the training run that a job names. */
@Injectable()
export class TrainHeadJob extends SystemJob<'runId'> {
  constructor(protected override readonly step: TrainHeadRun) {
    super('runId');
  }
}
