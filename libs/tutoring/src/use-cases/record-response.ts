import { fail, isFailure, type Failure } from '#libs/kernel';
import { isTrustedService, type Actor } from '#libs/identity';
import { markAnswer, speak } from '#libs/learning';
import type { MasteryChange } from '#libs/mastery';
import type { Offer, Recommendation } from '../model/activity-view.js';
import type { CourseCatalogue } from '../model/course-catalogue.js';
import { interventionOffered, masteryUpdated, responseRecorded } from '../model/events.js';
import type { DecisionRecord, ResponseInput, ResponseRecord } from '../model/records.js';
import { respond, type MarkedResponse, type RespondedItem } from '../policy/respond.js';
import type { Earlier, Situation, Verdict } from '../ports.js';
import {
  circumstances,
  offerOf,
  presentCatalogue,
  recommendationOf,
  type Offered,
  type TutoringDependencies,
} from './dependencies.js';
import { perform } from './perform.js';
import { noSuchActivity } from './refusals.js';

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

interface Decided extends Offered {
  readonly response: ResponseRecord;
  readonly feedback: string | null;
  /** `as-before`: the one that the stored response names. */
  readonly decision: DecisionRecord | 'as-before' | null;
}

/**
 * Records a response, updates mastery and chooses the next activity, all in one transaction. The contract is written
 * down in docs/recording-responses.md.
 */
export class RecordResponse {
  constructor(private readonly deps: TutoringDependencies) {}

  async execute(actor: Actor, input: ResponseInput): Promise<RecordedResponse | Failure> {
    if (input.correct !== null && !isTrustedService(actor)) return fail('NOT_GRADED_BY_CLIENT');
    const decided = await perform(this.deps, actor, 'response', input, (situation, earlier) =>
      this.decide(actor, input, situation, earlier),
    );
    return isFailure(decided) ? decided : this.toAnswer(actor, decided);
  }

  private async decide(
    actor: Actor,
    input: ResponseInput,
    situation: Situation,
    earlier: Earlier<ResponseRecord> | null,
  ): Promise<Verdict<Decided> | Failure> {
    const catalogue = await presentCatalogue(this.deps, actor, situation);
    const { learnerId, languages } = situation;
    const around = { catalogue, learnerId, languages, causeId: input.id };
    const item = await this.itemOf(actor, input, catalogue);
    const marked = isFailure(item) ? item : mark(item, input, languages);
    if (earlier !== null) {
      if (!earlier.sameBody) return fail('ID_REUSED');
      const feedback = isFailure(marked) ? null : marked.feedback;
      const response = earlier.record;
      return {
        value: { ...around, response, feedback, decision: 'as-before', intervention: 'as-before' },
        effect: null,
      };
    }
    if (situation.sessionClosed) return fail('SESSION_CLOSED');
    if (isFailure(item)) return item;
    if (isFailure(marked)) return marked;

    const moment = circumstances(this.deps);
    const step = respond(catalogue, situation, item, input, marked, moment);
    const { state, response, decision, intervention, estimate, crossings } = step;
    const events = [responseRecorded(situation, response, decision)];
    if (intervention !== null) events.push(interventionOffered(situation, intervention));
    events.push(...crossings.flatMap((crossing) => masteryUpdated(situation, crossing)));
    return {
      value: { ...around, response, feedback: marked.feedback, decision, intervention },
      effect: {
        at: moment.now,
        state,
        response,
        ...(decision && { decision }),
        ...(intervention && { intervention }),
        ...(estimate && { estimate }),
        events,
      },
    };
  }

  private async itemOf(
    actor: Actor,
    input: ResponseInput,
    catalogue: CourseCatalogue,
  ): Promise<RespondedItem | Failure> {
    const current = catalogue.activities.get(input.activityId);
    if (current === undefined) return noSuchActivity();
    if (current.version === input.activityVersion) return current;
    const { activityId, activityVersion } = input;
    const version = await this.deps.catalogues.findVersion(actor, activityId, activityVersion);
    if (version === null) return fail('UNKNOWN_VERSION');
    const { number, language } = current;
    // An older version may name a skill that the course has no longer.
    const skillIds = version.skillIds.filter((id) => catalogue.skillNames.has(id));
    return { ...version, skillIds, number, language };
  }

  /** Everything that the answer needs is stored: a resend gets the answer that the first one got. */
  private async toAnswer(actor: Actor, decided: Decided): Promise<RecordedResponse> {
    const { response, catalogue, languages, feedback } = decided;
    const decision = decided.decision === 'as-before' ? await this.decisionAfter(actor, response) : decided.decision;
    return {
      kind: 'recorded',
      responseId: response.id,
      sequence: response.sequence,
      resent: decided.decision === 'as-before',
      correct: response.correct,
      feedback,
      mastery: response.changes,
      recommended: await recommendationOf(this.deps, actor, catalogue, decision, languages),
      offer: await offerOf(this.deps, actor, decided),
    };
  }

  private async decisionAfter(actor: Actor, { nextDecisionId }: ResponseRecord): Promise<DecisionRecord | null> {
    if (nextDecisionId === null) return null;
    return (await this.deps.store.findDecision(actor, nextDecisionId))?.decision ?? null;
  }
}

/** Marks a response by the version that it names, with feedback in the learner's language. */
function mark(
  item: RespondedItem,
  input: ResponseInput,
  languages: readonly string[],
): (MarkedResponse & { feedback: string | null }) | Failure {
  const { content } = speak(item, languages);
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
  if (input.correct !== null) return fail('NOT_GRADED_BY_CLIENT', 'Attune grades this activity: leave `correct` out.');
  const marking = markAnswer(content, input.answer);
  if (marking.kind === 'wrong-kind') {
    return fail('WRONG_ANSWER_KIND', `The activity asks for an answer of kind "${marking.expected}".`);
  }
  if (marking.kind === 'completed') {
    return { correct: null, gradedBy: 'attune', misconceptionId: null, feedback: null };
  }
  const { correct, misconceptionId, feedback } = marking;
  return { correct, gradedBy: 'attune', misconceptionId, feedback };
}
