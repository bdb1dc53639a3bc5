import { Injectable } from '@nestjs/common';
import { RunImport } from '#libs/training';
import { SystemJob } from '../system-job.js';

/** Goes on with the zip of folders that a job names. */
@Injectable()
export class ImportFoldersJob extends SystemJob<'importId'> {
  constructor(protected override readonly step: RunImport) {
    super('importId');
  }
}
