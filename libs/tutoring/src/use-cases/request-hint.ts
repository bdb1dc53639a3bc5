import { fail, isFailure, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import { speak } from '#libs/learning';
import type { Offer } from '../model/activity-view.js';
import type { CatalogueActivity } from '../model/course-catalogue.js';
import { interventionOffered } from '../model/events.js';
import type { HintInput, HintRecord } from '../model/records.js';
import { interact } from '../policy/respond.js';
import type { Earlier, Situation, Verdict } from '../ports.js';
import { circumstances, offerOf, presentCatalogue, type Offered, type TutoringDependencies } from './dependencies.js';
import { perform } from './perform.js';
import { noSuchActivity } from './refusals.js';

export interface GivenHint {
  readonly kind: 'hint';
  readonly hintId: string;
  /** From 1. */
  readonly step: number;
  readonly steps: number;
  readonly text: string;
  readonly offer: Offer | null;
}

interface Decided extends Offered {
  readonly activity: CatalogueActivity;
  readonly step: number;
}

/** Gives the next hint of the activity in front of the learner; hint after hint may lead to an offer of help. */
export class RequestHint {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: HintInput): Promise<GivenHint | Failure> {
    const value = await perform(this.deps, actor, 'hint', input, (situation, earlier) =>
      this.decide(actor, input, situation, earlier),
    );
    if (isFailure(value)) return value;
    const { hints } = speak(value.activity, value.languages).content;
    return {
      kind: 'hint',
      hintId: input.id,
      step: value.step,
      steps: hints.length,
      text: hints[value.step - 1] ?? '',
      offer: await offerOf(this.deps, actor, value),
    };
  }

  private async decide(
    actor: Actor,
    input: HintInput,
    situation: Situation,
    earlier: Earlier<HintRecord> | null,
  ): Promise<Verdict<Decided> | Failure> {
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    const activity = catalogue.activities.get(input.activityId);
    if (activity === undefined || !(await this.isShown(actor, situation, activity))) return noSuchActivity();
    const { learnerId, languages } = situation;
    const around = { catalogue, learnerId, languages, activity, causeId: input.id };
    if (earlier !== null) {
      return earlier.sameBody
        ? { value: { ...around, step: earlier.record.step, intervention: 'as-before' }, effect: null }
        : fail('ID_REUSED');
    }
    if (situation.sessionClosed) return fail('SESSION_CLOSED');
    const taken = situation.state.hints?.activityId === activity.id ? situation.state.hints.steps : 0;
    if (taken >= activity.content.hints.length) return fail('NO_MORE_HINTS');
    const step = taken + 1;
    const moment = circumstances(this.deps);
    const { id, at } = input;
    const event = { kind: 'hint-requested', id, at, activityId: activity.id, step } as const;
    const { state, intervention, estimate } = interact(catalogue, situation, event, moment);
    return {
      value: { ...around, step, intervention },
      effect: {
        at: moment.now,
        state: { ...state, hints: { activityId: activity.id, steps: step } },
        hint: { id, activityId: activity.id, step, deviceAt: new Date(at), givenAt: moment.now },
        ...(intervention && { intervention }),
        ...(estimate && { estimate }),
        events: intervention ? [interventionOffered(situation, intervention)] : [],
      },
    };
  }

  /** Work that is set for later is nobody's to see, and so are its hints. */
  private async isShown(actor: Actor, { courseId }: Situation, { id, kind }: CatalogueActivity): Promise<boolean> {
    if (kind !== 'visual-assignment') return true;
    return this.deps.catalogues.hasOpened(actor, courseId, id, new Date(this.deps.clock.now()));
  }
}
