import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Offer } from '../model/activity-view.js';
import { interventionOffered } from '../model/events.js';
import type { InteractionInput } from '../model/records.js';
import { interact } from '../policy/respond.js';
import { circumstances, offerOf, presentCatalogue, type TutoringDependencies } from './dependencies.js';

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
    const outcome = await this.deps.store.act<'interaction', RecordedInteraction | Failure>(
      actor,
      { kind: 'interaction', id: input.id, sessionId: input.sessionId, body: input },
      async (situation, earlier) => {
        const noted = { kind: 'noted', interactionId: input.id, resent: earlier !== null, offer: null } as const;
        if (earlier !== null) return { value: earlier.sameBody ? noted : fail('ID_REUSED'), effect: null };
        if (situation.sessionClosed) return { value: fail('SESSION_CLOSED'), effect: null };
        const catalogue = await presentCatalogue(this.deps, actor, situation);
        if (input.activityId === null ? input.kind === 'activity-shown' : !catalogue.activities.has(input.activityId)) {
          return { value: fail('NOT_FOUND', 'The course of this session has no such activity.'), effect: null };
        }
        const around = circumstances(this.deps);
        const { state, intervention } = interact(catalogue, situation, input, around);
        const { id, kind, activityId } = input;
        return {
          value: { ...noted, offer: await offerOf(this.deps, actor, catalogue, intervention, situation.languages) },
          effect: {
            state,
            interaction: { id, kind, activityId, deviceAt: new Date(input.at), receivedAt: around.now },
            ...(intervention && { intervention }),
            events: intervention ? [interventionOffered(actor.userId, situation, intervention)] : [],
          },
        };
      },
    );
    if (isFailure(outcome)) return outcome;
    this.deps.publisher.publish(outcome.events);
    return outcome.value;
  }
}
