import { Injectable } from '@nestjs/common';
import { WatchModel } from '#libs/models';
import { SystemJob } from '../system-job.js';

/** Looks whether teachers still agree with the model that a job names. */
@Injectable()
export class WatchModelJob extends SystemJob<'modelId'> {
  constructor(protected override readonly step: WatchModel) {
    super('modelId');
  }
}
