import { dayIn } from '#libs/kernel';
import { modelOf } from '#libs/mastery';
import {
  chooseIntervention,
  chooseNext,
  readCitedName,
  type Candidate,
  type ChoiceInput,
  type EngagementInput,
  type InterventionTrigger,
  type LearnerNeeds,
} from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import { withExposure, withIntervention, type LearnerState } from '../model/learner-state.js';
import type { DecisionRecord, InterventionRecord } from '../model/records.js';
import type { Situation } from '../ports.js';
import { needsOf } from './needs-of.js';
import { policyFor, type Assignee } from './policy-of.js';
import { reviewsOf } from './reviews-of.js';

/** Ids, time and chance for one act. */
export interface Circumstances {
  readonly now: Date;
  readonly decisionId: string;
  readonly interventionId: string;
}

/** A learner, as far as choosing goes. */
export type Learner = Pick<Situation, 'pseudonym' | 'languages' | 'accommodations' | 'openedByService' | 'timeZone'>;

/** What calls for something to be offered: which sign, on which activity, after which response, interaction or hint. */
export interface Need {
  readonly trigger: InterventionTrigger;
  readonly item: CatalogueActivity;
  /** Of the version that the learner was on. */
  readonly skillIds: readonly string[];
  readonly engagement: EngagementInput;
  readonly causeId: string;
}

/** Chooses what the learner does next; the id of the decision is the seed of its chance. */
export function decideNext(
  catalogue: CourseCatalogue,
  learner: Learner & Assignee,
  state: LearnerState,
  { now, decisionId }: Circumstances,
): { state: LearnerState; decision: DecisionRecord | null } {
  const { policy } = policyFor(catalogue, learner, now);
  const choice = chooseNext(choiceInput(catalogue, learner, state, now.getTime()), policy, decisionId);
  if (choice.kind === 'nothing-to-choose') {
    return { state: { ...state, decisionId: null, recommended: null }, decision: null };
  }
  const chosen = catalogue.activities.get(choice.activityId)!;
  const recommended = { activityId: chosen.id, activityVersion: chosen.version };
  const terms = choice.candidates.find(({ activityId }) => activityId === chosen.id)?.terms ?? [];
  return {
    state: { ...withExposure(state, chosen.number, state.sequence), decisionId, recommended },
    decision: {
      id: decisionId,
      sequence: state.sequence,
      ...recommended,
      policyName: choice.policy.name,
      policyVersion: choice.policy.version,
      graphVersion: catalogue.graphVersion,
      seed: choice.seed,
      probability: choice.probability,
      reason: choice.reason,
      terms,
      candidates: choice.candidates.map(({ activityId }) => catalogue.activities.get(activityId)!.number),
      probabilities: choice.candidates.map(({ probability }) => probability),
      utilities: choice.candidates.map(({ utility }) => utility),
      decidedAt: now,
    },
  };
}

/** Everything that choosing for a learner depends on at a time. */
export function choiceInput(
  catalogue: CourseCatalogue,
  learner: Learner,
  state: LearnerState,
  at: number,
): ChoiceInput {
  const model = modelOf(state.mastery, catalogue.model);
  const due = reviewsOf(catalogue, state, dayIn(learner.timeZone, at));
  return {
    skills: catalogue.skills,
    mastery: (skillId) => model.estimate(state.mastery, skillId, at),
    responsesTo: (skillId) => model.responsesTo(state.mastery, skillId),
    expectedSuccess: (item) => model.probabilityOf(state.mastery, item, at),
    candidates: staticCandidatesOf(catalogue, learner),
    exposures: state.exposure,
    sequence: state.sequence,
    learner: needsOfLearner(learner),
    controls: catalogue.controls,
    // On their day they are due from its first moment on.
    dueReviews: due.map(({ skillId, retrievability }) => ({ skillId, retrievability, dueAt: at })),
    now: at,
  };
}

/** Chooses an explanation, another kind of material or a break to offer, if any fits. */
export function decideIntervention(
  catalogue: CourseCatalogue,
  learner: Learner & Assignee,
  state: LearnerState,
  { trigger, item, skillIds, engagement, causeId }: Need,
  { now, interventionId }: Circumstances,
): { state: LearnerState; intervention: InterventionRecord | null } {
  const model = modelOf(state.mastery, catalogue.model);
  const at = now.getTime();
  const { policy: chooser, explore } = policyFor(catalogue, learner, now);
  const choice = chooseIntervention(
    {
      trigger,
      skillIds,
      skills: catalogue.skills,
      mastery: (skillId) => model.estimate(state.mastery, skillId, at),
      expectedSuccess: (asked) => model.probabilityOf(state.mastery, asked, at),
      candidates: staticCandidatesOf(catalogue, learner),
      exposures: state.exposure,
      recentInterventions: state.interventions,
      sequence: state.sequence,
      learner: needsOfLearner(learner),
      item: { activityId: item.id, difficulty: item.difficulty, modality: item.modality, minutes: item.minutes },
      engagement,
      // Thompson sampling is exploration as well.
      ...(explore && { helpBandit: catalogue.help.bandit }),
      controls: catalogue.controls,
    },
    chooser,
    interventionId,
  );
  if (choice.kind === 'none') return { state, intervention: null };
  const chosen = choice.kind === 'offer' ? catalogue.activities.get(choice.activityId)! : null;
  const activityId = chosen?.id ?? null;
  const { policy, probability, candidates, help, place, helpOptions } = choice;
  return {
    state: withIntervention(state, { id: interventionId, activityId, sequence: state.sequence }),
    intervention: {
      id: interventionId,
      trigger,
      activityId,
      activityVersion: chosen?.version ?? null,
      minutes: choice.kind === 'break' ? choice.minutes : null,
      reason: choice.reason,
      draw: {
        policyName: policy.name,
        policyVersion: policy.version,
        probability,
        candidates,
        help,
        place,
        helpOptions,
      },
      sequence: state.sequence,
      causeId,
      state: 'offered',
      offeredAt: now,
    },
  };
}

/**
 * Whether a recommendation may stand: its activity can be answered in the session, no teacher has banned it since, and in a
 * graded session it was not left to chance.
 */
export function mayStand(
  { activities, controls }: CourseCatalogue,
  { activityId, policyName }: Pick<DecisionRecord, 'activityId' | 'policyName'>,
  situation: Pick<Situation, 'openedByService' | 'graded'>,
): boolean {
  if (situation.graded && readCitedName(policyName).explore) return false;
  const activity = activities.get(activityId);
  return activity !== undefined && isAnswerable(activity, situation) && !controls.banned.includes(activityId);
}

/** Whether a session can take an answer to an activity: what the client grades needs a service that sends `correct`. */
export function isAnswerable(
  { content }: Pick<CatalogueActivity, 'content'>,
  { openedByService }: Pick<Situation, 'openedByService'>,
): boolean {
  return openedByService || content.gradedBy === 'attune';
}

/** What is the same for all learners of a revision of a course: made once for its activities, so that it is indexed once. */
interface StaticCandidates {
  /** For sessions opened by a service, which can send what a client has graded. */
  readonly all: readonly Candidate[];
  readonly gradedHere: readonly Candidate[];
}

const candidatesOfActivities = new WeakMap<CourseCatalogue['activities'], StaticCandidates>();

function staticOf({ activities: all }: CourseCatalogue): StaticCandidates {
  let found = candidatesOfActivities.get(all);
  if (found === undefined) {
    const activities = [...all.values()].filter(({ archived }) => !archived);
    const graded = activities.filter((activity) => isAnswerable(activity, { openedByService: false }));
    found = {
      all: activities.map(candidateOf),
      gradedHere: graded.map(candidateOf),
    };
    candidatesOfActivities.set(all, found);
  }
  return found;
}

function staticCandidatesOf(catalogue: CourseCatalogue, { openedByService }: Learner): readonly Candidate[] {
  const { all, gradedHere } = staticOf(catalogue);
  return openedByService ? all : gradedHere;
}

function candidateOf(activity: CatalogueActivity): Candidate {
  const { id, number, kind, modality, language, skillIds, difficulty, minutes, content } = activity;
  return {
    activityId: id,
    number,
    kind,
    modality,
    language,
    translations: Object.keys(content.translations),
    skillIds,
    difficulty,
    minutes,
    needs: needsOf(modality, content),
    timesSeen: 0,
    lastSeenSequence: null,
  };
}

/** A learner as choosing knows her: what is pinned for her alone names her by pseudonym. */
function needsOfLearner({ pseudonym, languages, accommodations }: Learner): LearnerNeeds {
  return { id: pseudonym, languages, ...accommodations };
}
