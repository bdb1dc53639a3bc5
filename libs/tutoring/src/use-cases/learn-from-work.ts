import { fail, type Clock, type EventLog, type EventPublisher, type Failure, type IdSource } from '#libs/kernel';
import { withEvents, type Actor, type UnitOfWork } from '#libs/identity';
import { masteryUpdated } from '../model/events.js';
import type { SeenWork } from '../model/records.js';
import { learnFromWork } from '../policy/learn-from-work.js';
import type { CatalogueSource, WorkLedger } from '../ports.js';
import { presentCatalogue } from './dependencies.js';

/** What learning from work needs. */
export interface WorkLearningDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly ledger: WorkLedger;
  readonly catalogues: CatalogueSource;
  readonly events: EventLog;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly ids: IdSource;
}

/** `nothing-new`: it was learnt from before, shows no skill of the course, or its learner has left. */
export type LearntFromWork = { readonly kind: 'learnt'; readonly responses: number } | { readonly kind: 'nothing-new' };

/**
 * Has the student model learn from a piece of work that was handed in, once. What it shows is stored among the learner's responses,
 * so that whatever is rebuilt or fitted from them has it too.
 */
export class LearnFromWork {
  constructor(private readonly deps: WorkLearningDependencies) {}

  /** The system alone does this. */
  async execute(actor: Actor, work: SeenWork): Promise<LearntFromWork | Failure> {
    if (actor.kind !== 'system') return fail('FORBIDDEN', 'Work is learnt from by the system.');
    const { ledger, clock, ids } = this.deps;
    return withEvents(this.deps, actor, async (news): Promise<LearntFromWork> => {
      const learner = await ledger.lockLearner(work.courseId, work.learnerId);
      if (learner === null || (await ledger.hasLearnt(work.submissionId))) return { kind: 'nothing-new' };
      const catalogue = await presentCatalogue(this.deps, actor, learner);
      const activity = catalogue.activities.get(work.activityId);
      const version = await this.deps.catalogues.findVersion(actor, work.activityId, work.activityVersion);
      if (activity === undefined || version === null) return { kind: 'nothing-new' };
      const item = { number: activity.number, difficulty: version.difficulty };
      const around = { now: new Date(clock.now()), nextId: () => ids.next() };
      const { crossings, ...learnt } = learnFromWork(catalogue, learner, item, work, around);
      if (learnt.responses.length === 0) return { kind: 'nothing-new' };
      await ledger.store(learner, work, learnt, around.now);
      news.push(...crossings.flatMap((crossing) => masteryUpdated(learner, crossing)));
      return { kind: 'learnt', responses: learnt.responses.length };
    });
  }
}
