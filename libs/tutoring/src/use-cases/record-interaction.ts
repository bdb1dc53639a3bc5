import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Offer } from '../model/activity-view.js';
import { interventionOffered } from '../model/events.js';
import type { InteractionInput, InteractionRecord } from '../model/records.js';
import { interact } from '../policy/respond.js';
import type { Earlier, Situation, Verdict } from '../ports.js';
import { circumstances, offerOf, presentCatalogue, type Offered, type TutoringDependencies } from './dependencies.js';
import { perform } from './perform.js';
import { noSuchActivity } from './refusals.js';

export interface RecordedInteraction {
  readonly kind: 'noted';
  readonly interactionId: string;
  readonly resent: boolean;
  readonly offer: Offer | null;
}

/**
 * Notes what happened between two responses; it may lead to an offer of help. That somebody left the page is taken and forgotten
 * where the institution does not look at it.
 */
export class RecordInteraction {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: InteractionInput): Promise<RecordedInteraction | Failure> {
    const value = await perform(this.deps, actor, 'interaction', input, (situation, earlier) =>
      this.decide(actor, input, situation, earlier),
    );
    if (isFailure(value)) return value;
    const resent = value.intervention === 'as-before';
    return { kind: 'noted', interactionId: input.id, resent, offer: await offerOf(this.deps, actor, value) };
  }

  private async decide(
    actor: Actor,
    input: InteractionInput,
    situation: Situation,
    earlier: Earlier<InteractionRecord> | null,
  ): Promise<Verdict<Offered> | Failure> {
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    const { learnerId, languages } = situation;
    const around = { catalogue, learnerId, languages, causeId: input.id };
    if (earlier !== null) {
      return earlier.sameBody ? { value: { ...around, intervention: 'as-before' }, effect: null } : fail('ID_REUSED');
    }
    if (situation.sessionClosed) return fail('SESSION_CLOSED');
    if (input.activityId === null ? input.kind === 'activity-shown' : !catalogue.activities.has(input.activityId)) {
      return noSuchActivity();
    }
    if (input.kind === 'left-page' && !situation.sensing.watchesPresence) {
      return { value: { ...around, intervention: null }, effect: null };
    }
    const moment = circumstances(this.deps);
    const { state, intervention, estimate } = interact(catalogue, situation, input, moment);
    const { id, kind, activityId } = input;
    return {
      value: { ...around, intervention },
      effect: {
        at: moment.now,
        state,
        interaction: { id, kind, activityId, deviceAt: new Date(input.at), receivedAt: moment.now },
        ...(intervention && { intervention }),
        ...(estimate && { estimate }),
        events: intervention ? [interventionOffered(situation, intervention)] : [],
      },
    };
  }
}
