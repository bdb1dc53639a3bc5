import type { Clock } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { CourseAccess } from '#libs/learning';
import {
  breakOption,
  explainOffer,
  explanationLanguage,
  isHiddenFromTeacher,
  type Explanation,
} from '#libs/recommendation';
import { namesIn } from '../model/activity-view.js';
import type { InterventionRecord } from '../model/records.js';
import { citedPolicy, policyOf } from '../policy/policy-of.js';
import type { CatalogueSource, EngagementSharing, TutoringStore } from '../ports.js';
import { refuseOthers } from './refusals.js';

/** Why something was offered, in the words of whoever asks. */
export interface ExplainedOffer
  extends Pick<InterventionRecord, 'id' | 'state' | 'offeredAt'>, Pick<Explanation, 'terms'> {
  readonly courseId: string;
  readonly learnerId: string;
  /** Null where the learner does not share what it says of her engagement. */
  readonly trigger: InterventionRecord['trigger'] | null;
  /** Null for a break, and where what was offered would say what is not shared. */
  readonly activityId: string | null;
  readonly breakMinutes: number | null;
  /** Probability with which it was drawn; null in offers from before that was kept. */
  readonly probability: number | null;
  readonly policyName: string | null;
  readonly policyVersion: number | null;
  readonly because: string;
}

/** What an offer needs to be explained. */
export interface OfferDependencies {
  readonly access: CourseAccess;
  readonly store: TutoringStore;
  readonly catalogues: CatalogueSource;
  readonly sharing: EngagementSharing;
  readonly clock: Clock;
}

/**
 * Explains an offer of help: to the learner to whom it was made, and to the teachers of the course. Teachers are told nothing
 * of her engagement unless she shares it.
 */
export class ReadOffer {
  constructor(private readonly deps: OfferDependencies) {}

  /** Null when there is no such offer for the actor. */
  async execute(actor: Actor, id: string): Promise<ExplainedOffer | null> {
    const { access, store, catalogues, sharing, clock } = this.deps;
    const found = await store.findIntervention(actor, id);
    if (found === null) return null;
    const { courseId, learnerId, pseudonym, languages, offer } = found;
    if ((await refuseOthers(access, actor, courseId, learnerId)) !== null) return null;
    const isOwn = learnerId === actor.userId;
    const catalogue = await catalogues.getCatalogue(actor, courseId, 'latest');
    if (catalogue === null) return null;
    const isShared = isOwn || (await sharing.isShared(actor, pseudonym, new Date(clock.now())));
    const { draw, reason } = offer;
    const activityId = offer.activityId ?? breakOption;
    const own = draw?.candidates.find((each) => each.activityId === activityId);
    const cited = draw && citedPolicy(catalogue, draw.policyName, draw.policyVersion);
    const explained = explainOffer(
      { activityId, reason, terms: own?.terms ?? [], candidates: draw?.candidates ?? [] },
      { policy: cited ?? policyOf(catalogue) },
      {
        names: namesIn(catalogue, languages),
        language: explanationLanguage(languages),
        shareEngagement: isShared,
      },
    );
    const isHidden = !isShared && isHiddenFromTeacher(reason);
    return {
      id,
      courseId,
      learnerId,
      state: offer.state,
      offeredAt: offer.offeredAt,
      trigger: isShared ? offer.trigger : null,
      activityId: isHidden ? null : offer.activityId,
      breakMinutes: isHidden ? null : offer.minutes,
      probability: draw?.probability ?? null,
      policyName: draw?.policyName ?? null,
      policyVersion: draw?.policyVersion ?? null,
      terms: isOwn ? explained.terms : explained.termsForTeacher,
      because: isOwn ? explained.sentences.learner : explained.sentences.teacher,
    };
  }
}
