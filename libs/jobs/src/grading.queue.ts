import { GradingQueue } from '#libs/grading';
import type { JobQueue } from './job.queue.js';

/** Has submissions graded, and learnt from, by a worker. */
export class JobGradingQueue extends GradingQueue {
  constructor(
    private readonly queue: JobQueue,
    /** Where the unit of work around the caller is. */
    private readonly place: { readonly institutionId: string },
  ) {
    super();
  }

  override async enqueue(submissionId: string, { isLong }: { readonly isLong: boolean }): Promise<void> {
    const queue = isLong ? 'grade-package' : 'grade-submission';
    await this.queue.enqueue(queue, { institutionId: this.place.institutionId, submissionId });
  }

  override async enqueueLearning(scoreId: string): Promise<void> {
    await this.queue.enqueue('learn-from-work', { institutionId: this.place.institutionId, scoreId });
  }

  override async enqueueAll(works: Parameters<GradingQueue['enqueueAll']>[0]): Promise<void> {
    const { institutionId } = this.place;
    for (const [queue, isLong] of [
      ['grade-submission', false],
      ['grade-package', true],
    ] as const) {
      const data = works
        .filter((work) => work.isLong === isLong)
        .map(({ submissionId }) => ({ institutionId, submissionId }));
      await this.queue.enqueueAll(queue, data);
    }
  }
}
