import { dayIn } from '#libs/kernel';
import {
  normOf,
  observe,
  overlook,
  type BehaviourEvent,
  type EngagementEstimate,
  type ItemNorm,
} from '#libs/engagement';
import { observesBehaviour } from '#libs/governance';
import type { ActivityContent, GradedBy } from '#libs/learning';
import { modelOf, remember, type MasteryChange, type MemoryState, type RecalledAnswer } from '#libs/mastery';
import {
  engagementFromRules,
  isWheelSpinning,
  triggerFrom,
  type EngagementInput,
  type InterventionTrigger,
  type Policy,
} from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import type { LearnerState } from '../model/learner-state.js';
import type {
  DecisionRecord,
  InteractionInput,
  InterventionRecord,
  ResponseInput,
  ResponseRecord,
} from '../model/records.js';
import type { Situation } from '../ports.js';
import { occurredAt } from './occurred-at.js';
import { decideIntervention, decideNext, type Circumstances, type Need } from './choose-activity.js';
import { masteryCrossings, type MasteryCrossing } from './mastery-crossings.js';
import { policyFor } from './policy-of.js';

/** One version of an activity, as far as a response to it goes. */
export interface RespondedItem {
  /** Of the activity within its course. */
  readonly number: number;
  readonly content: ActivityContent;
  readonly language: string;
  readonly difficulty: number;
  readonly minutes: number;
  readonly skillIds: readonly string[];
}

/** What was found of a response before it takes effect. */
export interface MarkedResponse {
  readonly correct: boolean | null;
  readonly gradedBy: GradedBy;
  readonly misconceptionId: string | null;
}

export interface Step {
  readonly state: LearnerState;
  readonly response: ResponseRecord;
  readonly decision: DecisionRecord | null;
  readonly intervention: InterventionRecord | null;
  /** What her behaviour suggests now; null where it is not looked at. */
  readonly estimate: EngagementEstimate | null;
  /** The skills of the item that came to count as mastered, or ceased to. */
  readonly crossings: readonly MasteryCrossing[];
}

/**
 * The core act, without its surroundings: a marked response updates mastery and behaviour, behaviour may lead to an
 * offer of help, and the next activity is chosen from the new state.
 */
export function respond(
  catalogue: CourseCatalogue,
  situation: Situation,
  item: RespondedItem,
  input: ResponseInput,
  marked: MarkedResponse,
  circumstances: Circumstances,
): Step {
  const before = situation.state;
  const hintsUsed = before.hints?.activityId === input.activityId ? before.hints.steps : 0;
  const at = occurredAt(input.at, circumstances.now);
  const learned = learn(catalogue, before, item, marked.correct, at);
  const changed = learned.changes.map(({ skillId }) => skillId);
  const activity = catalogue.activities.get(input.activityId)!;
  const observed = watch(
    situation,
    activity,
    {
      kind: 'answered',
      at,
      activityId: input.activityId,
      correct: marked.correct ?? true,
      durationMs: input.durationMs,
      hintsUsed,
    },
    norm(item, situation.accommodations),
  );
  const state: LearnerState = {
    ...before,
    sequence: before.sequence + 1,
    mastery: learned.mastery,
    memory: memoryAfter(before.memory, item, marked.correct, hintsUsed, dayIn(situation.timeZone, at)),
    behaviour: marked.correct === null && observed.isObserved ? before.behaviour : observed.state,
    hints: null,
  };
  const engagement = engagementFromRules(observed.estimate);
  const { policy } = policyFor(catalogue, situation, circumstances.now);
  const answered = { item, correct: marked.correct };
  const trigger = triggerAfter(catalogue, policy, state, answered, engagement);
  const need = trigger && { trigger, item: activity, skillIds: item.skillIds, engagement, causeId: input.id };
  const helped = offer(catalogue, situation, state, need, circumstances);
  const next = decideNext(catalogue, situation, helped.state, circumstances);
  return {
    state: next.state,
    decision: next.decision,
    intervention: helped.intervention,
    estimate: observed.isObserved ? observed.estimate : null,
    crossings: masteryCrossings(catalogue, before.mastery, learned.mastery, changed),
    response: {
      id: input.id,
      sequence: state.sequence,
      activityId: input.activityId,
      activityVersion: input.activityVersion,
      decisionId: answersRecommendation(before, input) ? before.decisionId : null,
      answer: input.answer,
      correct: marked.correct,
      gradedBy: marked.gradedBy,
      misconceptionId: marked.misconceptionId,
      hintsUsed,
      durationMs: input.durationMs,
      predicted: learned.predicted,
      modelSnapshot: learned.snapshot,
      changes: learned.changes,
      nextDecisionId: next.decision?.id ?? null,
      deviceAt: new Date(input.at),
      receivedAt: circumstances.now,
    },
  };
}

/** An event between two responses: it changes what is known of behaviour and may lead to an offer of help. */
export function interact(
  catalogue: CourseCatalogue,
  situation: Situation,
  event: Pick<InteractionInput, 'id' | 'at' | 'activityId'> & {
    kind: InteractionInput['kind'] | 'hint-requested';
    step?: number;
  },
  circumstances: Circumstances,
): { state: LearnerState; intervention: InterventionRecord | null; estimate: EngagementEstimate | null } {
  const before = situation.state;
  const at = occurredAt(event.at, circumstances.now);
  const openId = event.activityId ?? before.behaviour.open?.activityId ?? null;
  const activity = openId === null ? undefined : catalogue.activities.get(openId);
  const itemNorm = norm(activity ?? { minutes: 1, difficulty: 0 }, situation.accommodations);
  const {
    state: behaviour,
    estimate,
    isObserved,
  } = watch(
    situation,
    activity,
    event.kind === 'hint-requested'
      ? { kind: 'hint-requested', at, activityId: event.activityId!, step: event.step! }
      : event.kind === 'activity-shown'
        ? { kind: 'activity-shown', at, activityId: event.activityId! }
        : { kind: event.kind, at },
    itemNorm,
  );
  const state = { ...before, behaviour };
  const engagement = engagementFromRules(estimate);
  const { policy } = policyFor(catalogue, situation, circumstances.now);
  const trigger = activity === undefined ? null : triggerIn(policy, event.kind, engagement);
  const need = trigger && { trigger, item: activity!, skillIds: activity!.skillIds, engagement, causeId: event.id };
  return { ...offer(catalogue, situation, state, need, circumstances), estimate: isObserved ? estimate : null };
}

/** What an event says of how she is doing, where it may be looked at; where not, nothing, and what was known is forgotten. */
function watch(
  { state, sensing, graded }: Situation,
  activity: CatalogueActivity | undefined,
  event: BehaviourEvent,
  itemNorm: ItemNorm,
): ReturnType<typeof observe> & { readonly isObserved: boolean } {
  const ceilings = { ...sensing.ceilings, activity: activity?.sensingCeiling ?? null };
  const isObserved = observesBehaviour({ ceilings, isWithdrawn: sensing.isWithdrawn, graded });
  return { ...(isObserved ? observe : overlook)(state.behaviour, event, itemNorm), isObserved };
}

/** Any activity of the course may be answered, in any version: only the recommended one speaks of the recommendation. */
function answersRecommendation(
  { recommended }: LearnerState,
  { activityId, activityVersion }: Pick<ResponseInput, 'activityId' | 'activityVersion'>,
): boolean {
  return recommended?.activityId === activityId && recommended.activityVersion === activityVersion;
}

interface Learned {
  readonly mastery: LearnerState['mastery'];
  readonly predicted: number | null;
  readonly changes: readonly MasteryChange[];
  /** Number of the population weights that the learner was followed by. */
  readonly snapshot: number;
}

/** What the student model makes of an answer; what asks nothing changes nothing. */
export function learn(
  catalogue: CourseCatalogue,
  state: Pick<LearnerState, 'mastery'>,
  item: Pick<RespondedItem, 'number' | 'difficulty' | 'skillIds'>,
  correct: boolean | null,
  at: number,
): Learned {
  const model = modelOf(state.mastery, catalogue.model);
  const { snapshot } = model;
  if (correct === null) return { mastery: state.mastery, predicted: null, changes: [], snapshot };
  const { state: mastery, prediction, changes } = model.update(state.mastery, { item, correct, at });
  return { mastery, predicted: prediction.probability, changes, snapshot };
}

/** Memory after a response. */
export function memoryAfter(
  memory: MemoryState,
  item: Pick<RespondedItem, 'skillIds'>,
  correct: boolean | null,
  hintsUsed: number,
  day: number,
): MemoryState {
  const answer = recalledAs(item, correct, hintsUsed, day);
  return answer === null ? memory : remember(memory, answer);
}

/** What a response says of memory: what asks nothing is not recalled; what needed hints was hard. */
export function recalledAs(
  { skillIds }: Pick<RespondedItem, 'skillIds'>,
  correct: boolean | null,
  hintsUsed: number,
  day: number,
): RecalledAnswer | null {
  if (correct === null) return null;
  return { skillIds, recall: !correct ? 'failed' : hintsUsed > 0 ? 'hard' : 'good', day };
}

/** Norms are the author's minutes, times the learner's extra time, and the success that an average learner would have. */
function norm(
  { minutes, difficulty }: Pick<RespondedItem, 'minutes' | 'difficulty'>,
  { extraTime }: Situation['accommodations'],
): ItemNorm {
  return normOf({ minutes: minutes * extraTime, expectedSuccess: 1 / (1 + Math.exp(difficulty)) });
}

/** What behaviour suggests; failing that, a wrong answer on a skill that many responses have not brought to mastery. */
function triggerAfter(
  catalogue: CourseCatalogue,
  policy: Policy,
  { mastery }: LearnerState,
  { item: { skillIds }, correct }: { readonly item: RespondedItem; readonly correct: boolean | null },
  engagement: EngagementInput,
): InterventionTrigger | null {
  if (correct === null) return null;
  const model = modelOf(mastery, catalogue.model);
  const stuck = !correct && skillIds.some((skillId) => isWheelSpinning(model.estimate(mastery, skillId), policy));
  return triggerFrom(engagement, policy) ?? (stuck ? 'struggling' : null);
}

/**
 * An estimate holds until the next event, so only what speaks of the activity itself, or of having been away from it, leads to
 * an offer: and that to her who is back.
 */
function triggerIn(policy: Policy, kind: string, engagement: EngagementInput): InterventionTrigger | null {
  if (kind === 'asked-for-help') return 'asked-for-help';
  if (kind !== 'hint-requested' && kind !== 'came-back') return null;
  const trigger = triggerFrom(engagement, policy);
  return kind === 'came-back' && trigger !== 'distracted' ? null : trigger;
}

function offer(
  catalogue: CourseCatalogue,
  situation: Situation,
  state: LearnerState,
  need: Need | null,
  circumstances: Circumstances,
): { state: LearnerState; intervention: InterventionRecord | null } {
  if (need === null || need.skillIds.length === 0) return { state, intervention: null };
  return decideIntervention(catalogue, situation, state, need, circumstances);
}
