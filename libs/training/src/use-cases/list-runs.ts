import { fail, type Clock, type Failure, type Page, type PageRequest, type TimeKey } from '#libs/kernel';
import type { Actor, UnitOfWork } from '#libs/identity';
import { demandTeaching, type CourseAccess } from '#libs/learning';
import type { ReceivedProgress, TrainingRun } from '../model/training-run.js';
import { expiryOf, isStalled } from '../policy/run-state.js';
import type { RunRepository } from '../runs.ports.js';

/** A run as it is told at a moment. */
export interface RunView extends TrainingRun {
  readonly isStalled: boolean;
}

/** Lines of progress that are told at once. */
export const progressLimit = 500;

/** What teachers see of the training runs of their courses. */
export class ListRuns {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly access: CourseAccess,
    private readonly runs: RunRepository,
    private readonly clock: Clock,
  ) {}

  async list(actor: Actor, courseId: string, page: PageRequest<TimeKey>): Promise<Page<RunView> | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const refused = await demandTeaching(this.access, actor, courseId);
      if (refused !== null) return refused;
      const { items, hasMore } = await this.runs.listRuns(courseId, page);
      return { items: items.map((run) => this.view(run)), hasMore };
    });
  }

  async one(actor: Actor, id: string): Promise<RunView | Failure> {
    return this.unitOfWork.read(actor, async () => {
      const run = await this.runs.findRun(id);
      const refused = run && (await demandTeaching(this.access, actor, run.courseId));
      if (run === null || refused?.code === 'NOT_FOUND') return fail('NOT_FOUND', 'There is no such run for you.');
      return refused ?? this.view(run);
    });
  }

  /** The curves of runs that were read before: lines after a number. */
  async progressOf(
    actor: Actor,
    runs: readonly RunView[],
    after: number,
  ): Promise<ReadonlyMap<RunView, readonly ReceivedProgress[]>> {
    const ids = runs.map(({ id }) => id);
    const found = await this.unitOfWork.read(actor, () => this.runs.listProgress(ids, after, progressLimit));
    return new Map(runs.map((run) => [run, found.get(run.id) ?? []]));
  }

  /** A run as it is told now. */
  view(run: TrainingRun): RunView {
    const now = this.clock.now();
    return { ...run, ...expiryOf(run, now), isStalled: isStalled(run, now) };
  }
}
