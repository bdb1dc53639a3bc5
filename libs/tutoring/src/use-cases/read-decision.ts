import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import type { Explanation } from '#libs/recommendation';
import { toActivityView, type ActivityView } from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import type { DecisionRecord } from '../model/records.js';
import { isAnswerable } from '../policy/choose-activity.js';
import { explainChoice } from '../policy/explain-choice.js';
import type { CatalogueSource, FoundDecision, TutoringStore } from '../ports.js';
import { refuseOthers } from './refusals.js';

/** Why an activity was recommended, in the words of whoever asks, with the numbers that decided. */
export interface ExplainedDecision
  extends
    Pick<DecisionRecord, 'id' | 'activityId' | 'activityVersion' | 'policyName' | 'policyVersion'>,
    Pick<DecisionRecord, 'probability' | 'seed' | 'decidedAt'>,
    Pick<Explanation, 'terms' | 'counterfactual'> {
  readonly courseId: string;
  readonly learnerId: string;
  readonly because: string;
}

/** Something that could have been recommended instead. */
export interface Alternative {
  readonly activity: ActivityView;
  /** Probability with which the policy would have chosen it. */
  readonly probability: number;
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
    const visible = await this.visible(actor, id);
    if (visible === null) return null;
    const { found, catalogue } = visible;
    const { courseId, learnerId, learner, languages, decision } = found;
    const state = await this.store.findState(actor, learnerId, courseId);
    const explained = explainChoice(catalogue, decision, { learner, state }, languages);
    const isOwn = learnerId === actor.userId;
    return {
      ...decision,
      courseId,
      learnerId,
      terms: isOwn ? explained.terms : explained.termsForTeacher,
      counterfactual: explained.counterfactual,
      because: isOwn ? explained.sentences.learner : explained.sentences.teacher,
    };
  }

  /** What else there was to choose from, the most probable first; as it is in the course now. */
  async alternatives(actor: Actor, id: string, atMost: number): Promise<readonly Alternative[]> {
    const visible = await this.visible(actor, id);
    if (visible === null) return [];
    const { found, catalogue } = visible;
    const { learner, languages, decision } = found;
    const present = new Map(Array.from(catalogue.activities.values(), (activity) => [activity.number, activity]));
    return decision.candidates
      .flatMap((number, place) => {
        const activity = present.get(number);
        if (activity === undefined || activity.id === decision.activityId || activity.archived) return [];
        return isAnswerable(activity, learner) ? [{ activity, probability: decision.probabilities[place]! }] : [];
      })
      .sort((a, b) => b.probability - a.probability)
      .slice(0, atMost)
      .map(({ activity, probability }) => ({ activity: toActivityView(activity, languages), probability }));
  }

  private async visible(
    actor: Actor,
    id: string,
  ): Promise<{ readonly found: FoundDecision; readonly catalogue: CourseCatalogue } | null> {
    const found = await this.store.findDecision(actor, id);
    if (found === null) return null;
    const { courseId, learnerId } = found;
    if ((await refuseOthers(this.access, actor, courseId, learnerId)) !== null) return null;
    const catalogue = await this.catalogues.getCatalogue(actor, courseId, 'latest');
    return catalogue && { found, catalogue };
  }
}
