import { ScanQueue } from '#libs/grading';
import type { JobQueue } from './job.queue.js';

/** Has scans of classes read by a worker. */
export class JobScanQueue extends ScanQueue {
  constructor(
    private readonly queue: JobQueue,
    /** Where the unit of work around the caller is. */
    private readonly place: { readonly institutionId: string },
  ) {
    super();
  }

  override async enqueueScans(batchId: string): Promise<void> {
    await this.queue.enqueue('read-scans', { institutionId: this.place.institutionId, batchId });
  }
}
