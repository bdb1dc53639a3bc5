import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Offer } from '../model/activity-view.js';
import { interventionOffered } from '../model/events.js';
import type { InteractionInput, InteractionRecord } from '../model/records.js';
import { interact } from '../policy/respond.js';
import type { Earlier, Situation, Verdict } from '../ports.js';
import { circumstances, offerOf, presentCatalogue, type Offered, type TutoringDependencies } from './dependencies.js';
import { noSuchActivity, noSuchSession, refuseWhoLeft } from './refusals.js';

export interface RecordedInteraction {
  readonly kind: 'noted';
  readonly interactionId: string;
  readonly resent: boolean;
  readonly offer: Offer | null;
}

/** Notes what happened between two responses; it may lead to an offer of help. */
export class RecordInteraction {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: InteractionInput): Promise<RecordedInteraction | Failure> {
    const outcome = await this.deps.store.act<'interaction', Offered | Failure>(
      actor,
      { kind: 'interaction', id: input.id, sessionId: input.sessionId, body: input },
      (situation, earlier) => this.decide(actor, input, situation, earlier),
    );
    if (outcome === null) return noSuchSession();
    const { value, events } = outcome;
    if (isFailure(value)) return value;
    this.deps.publisher.publish(events);
    const resent = value.intervention === 'as-before';
    return { kind: 'noted', interactionId: input.id, resent, offer: await offerOf(this.deps, actor, value) };
  }

  private async decide(
    actor: Actor,
    input: InteractionInput,
    situation: Situation,
    earlier: Earlier<InteractionRecord> | null,
  ): Promise<Verdict<Offered | Failure>> {
    const refuse = (failure: Failure): Verdict<Failure> => ({ value: failure, effect: null });
    const left = refuseWhoLeft(situation);
    if (left !== null) return refuse(left);
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    const { learnerId, languages } = situation;
    const around = { catalogue, learnerId, languages, causeId: input.id };
    if (earlier !== null) {
      return earlier.sameBody
        ? { value: { ...around, intervention: 'as-before' }, effect: null }
        : refuse(fail('ID_REUSED'));
    }
    if (situation.sessionClosed) return refuse(fail('SESSION_CLOSED'));
    if (input.activityId === null ? input.kind === 'activity-shown' : !catalogue.activities.has(input.activityId)) {
      return refuse(noSuchActivity());
    }
    const moment = circumstances(this.deps);
    const { state, intervention } = interact(catalogue, situation, input, moment);
    const { id, kind, activityId } = input;
    return {
      value: { ...around, intervention },
      effect: {
        at: moment.now,
        state,
        interaction: { id, kind, activityId, deviceAt: new Date(input.at), receivedAt: moment.now },
        ...(intervention && { intervention }),
        events: intervention ? [interventionOffered(situation, intervention)] : [],
      },
    };
  }
}
