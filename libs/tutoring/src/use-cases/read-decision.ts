import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import { becauseOf } from '../model/activity-view.js';
import type { DecisionRecord } from '../model/records.js';
import type { CatalogueSource, TutoringStore } from '../ports.js';

/** Why an activity was recommended, in the words of whoever asks, with the numbers that decided. */
export interface ExplainedDecision extends Pick<
  DecisionRecord,
  'id' | 'activityId' | 'activityVersion' | 'policyName' | 'policyVersion' | 'probability' | 'terms' | 'decidedAt'
> {
  readonly courseId: string;
  readonly learnerId: string;
  readonly because: string;
}

/** Explains a recommendation: to the learner whom it was made for, and to the teachers of the course. */
export class ReadDecision {
  constructor(
    private readonly access: CourseAccess,
    private readonly store: TutoringStore,
    private readonly catalogues: CatalogueSource,
  ) {}

  /** Null when there is no such recommendation for the actor. */
  async execute(actor: Actor, id: string): Promise<ExplainedDecision | null> {
    const found = await this.store.findDecision(actor, id);
    if (found === null) return null;
    const { courseId, learnerId, languages, decision } = found;
    const role = await this.access.roleIn(actor, courseId);
    if (role === null || (role === 'learner' && learnerId !== actor.userId)) return null;
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return null;
    return { ...decision, courseId, learnerId, because: becauseOf(catalogue, decision.reason, languages, role) };
  }
}
