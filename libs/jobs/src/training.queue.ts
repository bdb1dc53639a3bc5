import { TrainingQueue } from '#libs/training';
import type { JobQueue } from './job.queue.js';

/** Has training runs prepared, and heads trained, by a worker. */
export class JobTrainingQueue extends TrainingQueue {
  constructor(
    private readonly queue: JobQueue,
    /** Where the unit of work around the caller is. */
    private readonly place: { readonly institutionId: string },
  ) {
    super();
  }

  override async enqueuePreparation(runId: string): Promise<void> {
    await this.queue.enqueue('prepare-run', { institutionId: this.place.institutionId, runId });
  }

  override async enqueueTraining(runId: string): Promise<void> {
    await this.queue.enqueue('train-head', { institutionId: this.place.institutionId, runId });
  }
}
