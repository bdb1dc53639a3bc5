import { modelOf } from '#libs/mastery';
import {
  chooseIntervention,
  chooseNext,
  fringeAndBand,
  type Candidate,
  type InterventionTrigger,
  type Policy,
} from '#libs/recommendation';
import type { CatalogueActivity, CourseCatalogue } from '../model/course-catalogue.js';
import { withExposure, withIntervention, type LearnerState } from '../model/learner-state.js';
import type { DecisionRecord, InterventionRecord } from '../model/records.js';
import type { Situation } from '../ports.js';

/** Ids, time and chance for one act. */
export interface Circumstances {
  readonly now: Date;
  readonly decisionId: string;
  readonly interventionId: string;
}

type Learner = Pick<Situation, 'languages' | 'excludedModalities' | 'openedByService'>;

/** What calls for help: which sign, on which skills, after which response, interaction or hint. */
export interface Need {
  readonly trigger: InterventionTrigger;
  readonly skillIds: readonly string[];
  readonly causeId: string;
}

/** Chooses what the learner does next; the id of the decision is the seed of its chance. */
export function decideNext(
  catalogue: CourseCatalogue,
  learner: Learner,
  state: LearnerState,
  { now, decisionId }: Circumstances,
): { state: LearnerState; decision: DecisionRecord | null } {
  const policy = policyOf(catalogue);
  const model = modelOf(state.mastery, catalogue.model);
  const choice = chooseNext(
    {
      skills: catalogue.skills,
      mastery: (skillId) => model.estimate(state.mastery, skillId),
      expectedSuccess: (item) => model.probabilityOf(state.mastery, item),
      candidates: candidatesOf(catalogue, learner, state),
      sequence: state.sequence,
      learner,
    },
    policy,
    decisionId,
  );
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
      decidedAt: now,
    },
  };
}

/** Chooses an explanation or another kind of material to offer, if any fits. */
export function decideIntervention(
  catalogue: CourseCatalogue,
  learner: Learner,
  state: LearnerState,
  { trigger, skillIds, causeId }: Need,
  { now, interventionId }: Circumstances,
): { state: LearnerState; intervention: InterventionRecord | null } {
  const model = modelOf(state.mastery, catalogue.model);
  const choice = chooseIntervention(
    {
      trigger,
      skillIds,
      skills: catalogue.skills,
      mastery: (skillId) => model.estimate(state.mastery, skillId),
      candidates: candidatesOf(catalogue, learner, state),
      recentInterventions: state.interventions,
      sequence: state.sequence,
      learner,
    },
    policyOf(catalogue),
    interventionId,
  );
  if (choice.kind !== 'offer') return { state, intervention: null };
  const chosen = catalogue.activities.get(choice.activityId)!;
  return {
    state: withIntervention(state, { activityId: chosen.id, sequence: state.sequence }),
    intervention: {
      id: interventionId,
      trigger,
      activityId: chosen.id,
      activityVersion: chosen.version,
      reason: choice.reason,
      sequence: state.sequence,
      causeId,
      state: 'offered',
      offeredAt: now,
    },
  };
}

/** The policy of a course: the one there is, with the course's own threshold. */
export function policyOf(catalogue: CourseCatalogue): Policy {
  return { ...fringeAndBand, masteryThreshold: catalogue.masteryThreshold };
}

/** Whether a session can take an answer to an activity: what the client grades needs a service that sends `correct`. */
export function isAnswerable(
  { content }: Pick<CatalogueActivity, 'content'>,
  { openedByService }: Pick<Situation, 'openedByService'>,
): boolean {
  return openedByService || content.gradedBy === 'attune';
}

function candidatesOf(catalogue: CourseCatalogue, learner: Learner, state: LearnerState): Candidate[] {
  const candidates: Candidate[] = [];
  for (const activity of catalogue.activities.values()) {
    if (!activity.archived && isAnswerable(activity, learner)) candidates.push(candidateOf(activity, state));
  }
  return candidates;
}

function candidateOf(activity: CatalogueActivity, state: LearnerState): Candidate {
  const exposure = state.exposure.get(activity.number);
  return {
    activityId: activity.id,
    number: activity.number,
    kind: activity.kind,
    modality: activity.modality,
    language: activity.language,
    skillIds: activity.skillIds,
    difficulty: activity.difficulty,
    timesSeen: exposure?.times ?? 0,
    lastSeenSequence: exposure?.lastSequence ?? null,
  };
}
