import { Injectable } from '@nestjs/common';
import { SplitScans } from '#libs/grading';
import { SystemJob } from '../system-job.js';

/** Goes on with the scans that a job names. */
@Injectable()
export class ReadScansJob extends SystemJob<'batchId'> {
  constructor(protected override readonly step: SplitScans) {
    super('batchId');
  }
}
