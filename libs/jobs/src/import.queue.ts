import { ImportQueue } from '#libs/training';
import type { JobQueue } from './job.queue.js';

/** Has zips of folders brought into datasets by a worker. */
export class JobImportQueue extends ImportQueue {
  constructor(
    private readonly queue: JobQueue,
    /** Where the unit of work around the caller is. */
    private readonly place: { readonly institutionId: string },
  ) {
    super();
  }

  override async enqueueImport(importId: string): Promise<void> {
    await this.queue.enqueue('import-folders', { institutionId: this.place.institutionId, importId });
  }
}
