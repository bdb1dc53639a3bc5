import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { Offer } from '../model/activity-view.js';
import type { CatalogueActivity } from '../model/course-catalogue.js';
import { interventionOffered } from '../model/events.js';
import type { HintInput } from '../model/records.js';
import { interact } from '../policy/respond.js';
import { circumstances, offerOf, presentCatalogue, type TutoringDependencies } from './dependencies.js';

export interface GivenHint {
  readonly kind: 'hint';
  readonly hintId: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly text: string;
  readonly offer: Offer | null;
}

/** Gives the next hint of the activity in front of the learner; hint after hint may lead to an offer of help. */
export class RequestHint {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: HintInput): Promise<GivenHint | Failure> {
    const outcome = await this.deps.store.act<'hint', GivenHint | Failure>(
      actor,
      { kind: 'hint', id: input.id, sessionId: input.sessionId, body: input },
      async (situation, earlier) => {
        const catalogue = await presentCatalogue(this.deps, actor, situation);
        const activity = catalogue.activities.get(input.activityId);
        if (activity === undefined) {
          return { value: fail('NOT_FOUND', 'The course of this session has no such activity.'), effect: null };
        }
        if (earlier !== null) {
          const same = earlier.sameBody;
          return {
            value: same ? toHint(input.id, activity, earlier.record.step, null) : fail('ID_REUSED'),
            effect: null,
          };
        }
        if (situation.sessionClosed) return { value: fail('SESSION_CLOSED'), effect: null };
        const taken = situation.state.hints?.activityId === activity.id ? situation.state.hints.steps : 0;
        if (taken >= activity.content.hints.length) return { value: fail('NO_MORE_HINTS'), effect: null };
        const step = taken + 1;
        const around = circumstances(this.deps);
        const event = { kind: 'hint-requested', at: input.at, activityId: activity.id, step } as const;
        const { state, intervention } = interact(catalogue, situation, event, around);
        const offer = await offerOf(this.deps, actor, catalogue, intervention, situation.languages);
        return {
          value: toHint(input.id, activity, step, offer),
          effect: {
            state: { ...state, hints: { activityId: activity.id, steps: step } },
            hint: { id: input.id, activityId: activity.id, step, givenAt: around.now },
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

function toHint(hintId: string, { content }: CatalogueActivity, step: number, offer: Offer | null): GivenHint {
  return { kind: 'hint', hintId, step, steps: content.hints.length, text: content.hints[step - 1] ?? '', offer };
}
