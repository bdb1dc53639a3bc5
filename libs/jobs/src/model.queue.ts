import { ModelQueue } from '#libs/models';
import type { JobQueue } from './job.queue.js';

/** Has packages verified, and models watched, by a worker. */
export class JobModelQueue extends ModelQueue {
  constructor(
    private readonly queue: JobQueue,
    /** Where the unit of work around the caller is. */
    private readonly place: { readonly institutionId: string },
  ) {
    super();
  }

  override async enqueueVerification(modelId: string): Promise<void> {
    await this.queue.enqueue('verify-model', { institutionId: this.place.institutionId, modelId });
  }

  override async enqueueWatch(modelId: string): Promise<void> {
    await this.queue.enqueue('watch-model', { institutionId: this.place.institutionId, modelId });
  }
}
