import { Injectable } from '@nestjs/common';
import { VerifyModel } from '#libs/models';
import { SystemJob } from '../system-job.js';

/** Verifies the model package that a job names. */
@Injectable()
export class VerifyModelJob extends SystemJob<'modelId'> {
  constructor(protected override readonly step: VerifyModel) {
    super('modelId');
  }
}
