import { fail, isFailure, type Failure } from '#libs/kernel';
import { isTrustedService, type Actor } from '#libs/identity';
import { markAnswer } from '#libs/learning';
import type { Offer, Recommendation } from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { interventionOffered, responseRecorded } from '../model/events.js';
import type {
  DecisionRecord,
  InterventionRecord,
  MasteryChange,
  ResponseInput,
  ResponseRecord,
} from '../model/records.js';
import { respond, type MarkedResponse, type RespondedItem } from '../policy/respond.js';
import type { Earlier, Situation, Verdict } from '../ports.js';
import {
  circumstances,
  offerOf,
  presentCatalogue,
  recommendationOf,
  type TutoringDependencies,
} from './dependencies.js';

/** What a client hears about its response once it is stored. */
export interface RecordedResponse {
  readonly kind: 'recorded';
  readonly responseId: string;
  readonly sequence: number;
  /** True when this id was recorded before with the same body: nothing changed now. */
  readonly resent: boolean;
  readonly correct: boolean | null;
  readonly feedback: string | null;
  readonly mastery: readonly MasteryChange[];
  /** Null when there is nothing more to choose. */
  readonly recommended: Recommendation | null;
  readonly offer: Offer | null;
}

interface Decided {
  readonly response: ResponseRecord;
  readonly resent: boolean;
  readonly feedback: string | null;
  readonly decision: DecisionRecord | null;
  readonly intervention: InterventionRecord | null;
  readonly catalogue: CourseCatalogue;
  readonly languages: readonly string[];
}

/**
 * Records a response, updates mastery and chooses the next activity, all in one transaction. The contract is written
 * down in docs/recording-responses.md.
 */
export class RecordResponse {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: ResponseInput): Promise<RecordedResponse | Failure> {
    if (input.correct !== null && !isTrustedService(actor)) return fail('NOT_GRADED_BY_CLIENT');
    const outcome = await this.deps.store.act<'response', Decided | Failure>(
      actor,
      { kind: 'response', id: input.id, sessionId: input.sessionId, body: input },
      (situation, earlier) => this.decide(actor, input, situation, earlier),
    );
    if (isFailure(outcome)) return outcome;
    if (isFailure(outcome.value)) return outcome.value;
    this.deps.publisher.publish(outcome.events);
    return this.toAnswer(actor, outcome.value);
  }

  private async decide(
    actor: Actor,
    input: ResponseInput,
    situation: Situation,
    earlier: Earlier<ResponseRecord> | null,
  ): Promise<Verdict<Decided | Failure>> {
    const refuse = (failure: Failure): Verdict<Failure> => ({ value: failure, effect: null });
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    if (earlier !== null) return { value: await this.again(actor, input, situation, earlier, catalogue), effect: null };
    if (situation.sessionClosed) return refuse(fail('SESSION_CLOSED'));
    const item = await this.itemOf(actor, input, catalogue);
    if (isFailure(item)) return refuse(item);
    const marked = this.mark(item, input);
    if (isFailure(marked)) return refuse(marked);

    const step = respond(catalogue, situation, item, input, marked, circumstances(this.deps));
    const events = [responseRecorded(actor.userId, situation, step.response, step.decision)];
    if (step.intervention !== null) events.push(interventionOffered(actor.userId, situation, step.intervention));
    const { response, decision, intervention } = step;
    const { languages } = situation;
    return {
      value: { response, resent: false, feedback: marked.feedback, decision, intervention, catalogue, languages },
      effect: {
        state: step.state,
        response,
        ...(decision && { decision }),
        ...(intervention && { intervention }),
        events,
      },
    };
  }

  /** A resend gets the answer that the first one got; the recommendation is the one that followed it. */
  private async again(
    actor: Actor,
    input: ResponseInput,
    situation: Situation,
    earlier: Earlier<ResponseRecord>,
    catalogue: CourseCatalogue,
  ): Promise<Decided | Failure> {
    if (!earlier.sameBody) return fail('ID_REUSED');
    const item = await this.itemOf(actor, input, catalogue);
    const marked = isFailure(item) ? item : this.mark(item, input);
    const { nextDecisionId } = earlier.record;
    return {
      response: earlier.record,
      resent: true,
      feedback: isFailure(marked) ? null : marked.feedback,
      decision: nextDecisionId === null ? null : await this.deps.store.findDecision(actor, nextDecisionId),
      intervention: null,
      catalogue,
      languages: situation.languages,
    };
  }

  private async itemOf(
    actor: Actor,
    input: ResponseInput,
    catalogue: CourseCatalogue,
  ): Promise<RespondedItem | Failure> {
    const current = catalogue.activities.get(input.activityId);
    if (current === undefined) return fail('NOT_FOUND', 'The course of this session has no such activity.');
    if (current.version === input.activityVersion) return current;
    return (
      (await this.deps.catalogues.findVersion(actor, input.activityId, input.activityVersion)) ??
      fail('UNKNOWN_VERSION')
    );
  }

  private mark(item: RespondedItem, input: ResponseInput): (MarkedResponse & { feedback: string | null }) | Failure {
    const { content } = item;
    if (content.gradedBy === 'client') {
      if (input.correct === null) {
        return fail(
          'NOT_GRADED_BY_CLIENT',
          'This activity is graded by the client: a trusted service must send `correct`.',
        );
      }
      const feedback = (input.correct ? content.feedback.right : content.feedback.wrong) ?? null;
      return { correct: input.correct, gradedBy: 'client', misconceptionId: null, feedback };
    }
    if (input.correct !== null)
      return fail('NOT_GRADED_BY_CLIENT', 'Attune grades this activity: leave `correct` out.');
    const marking = markAnswer(content, input.answer);
    if (marking.kind === 'wrong-kind') {
      return fail('WRONG_ANSWER_KIND', `The activity asks for an answer of kind "${marking.expected}".`);
    }
    if (marking.kind === 'completed')
      return { correct: null, gradedBy: 'attune', misconceptionId: null, feedback: null };
    const { correct, misconceptionId, feedback } = marking;
    return { correct, gradedBy: 'attune', misconceptionId, feedback };
  }

  private async toAnswer(actor: Actor, decided: Decided): Promise<RecordedResponse> {
    const { response, catalogue, languages, resent, feedback } = decided;
    return {
      kind: 'recorded',
      responseId: response.id,
      sequence: response.sequence,
      resent,
      correct: response.correct,
      feedback,
      mastery: response.changes,
      recommended: await recommendationOf(this.deps, actor, catalogue, decided.decision, languages),
      offer: await offerOf(this.deps, actor, catalogue, decided.intervention, languages),
    };
  }
}
