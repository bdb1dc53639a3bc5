import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { fail, type Failure } from '#libs/kernel';
import { projectFolder } from '#libs/platform';
import { packTraining } from '#libs/storage';

/** The Python package that trains; packed once. */
@Injectable()
export class TrainingPackage {
  private packing: Promise<Buffer | null> | null = null;

  async zip(): Promise<Buffer | Failure> {
    this.packing ??= packTraining(join(projectFolder, 'training')).catch((error: unknown) => {
      this.packing = null;
      throw error;
    });
    return (await this.packing) ?? fail('NOT_FOUND', 'The training package was not installed with this server.');
  }
}
