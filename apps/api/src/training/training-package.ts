import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { fail, type Failure } from '#libs/kernel';
import { projectFolder } from '#libs/platform';
import { fillNotebook, packTraining, type NotebookForm } from '#libs/storage';

const folder = join(projectFolder, 'training');
const notHere = fail('NOT_FOUND', 'The training package was not installed with this server.');

/** What trains elsewhere, as it was installed with this server. */
@Injectable()
export class TrainingPackage {
  private packing: Promise<Buffer | null> | null = null;

  /** The Python package; packed once. */
  async zip(): Promise<Buffer | Failure> {
    this.packing ??= packTraining(folder).catch((error: unknown) => {
      this.packing = null;
      throw error;
    });
    return (await this.packing) ?? notHere;
  }

  async notebook(form: NotebookForm): Promise<string | Failure> {
    return (await fillNotebook(folder, form)) ?? notHere;
  }
}
