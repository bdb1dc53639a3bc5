import { emptyBehaviour, parseBehaviourState, type BehaviourState } from '#libs/engagement';
import type { Exposure, OfferReaction, RecentIntervention } from '#libs/recommendation';
import {
  earliestDue,
  emptyMastery,
  emptyMemory,
  parseMasteryState,
  parseMemory,
  storeMasteryState,
  type MasteryState,
  type MemoryState,
} from '#libs/mastery';

/** Hints that were taken on the activity that is in front of the learner now. */
export interface HintsTaken {
  readonly activityId: string;
  readonly steps: number;
}

/** What is known of one learner in one course. The next state follows from this one and one event, by pure functions. */
export interface LearnerState {
  /** Number of her last response. */
  readonly sequence: number;
  readonly mastery: MasteryState;
  readonly memory: MemoryState;
  readonly behaviour: BehaviourState;
  /** By activity number. */
  readonly exposure: ReadonlyMap<number, Exposure>;
  readonly interventions: readonly RecentIntervention[];
  readonly hints: HintsTaken | null;
  /** The recommendation that stands. */
  readonly decisionId: string | null;
  /** What it recommends; null without one, and in states that were stored before this was kept. */
  readonly recommended: { readonly activityId: string; readonly activityVersion: number } | null;
}

/** The state of a learner before her first response. */
export function emptyLearnerState(): LearnerState {
  return {
    sequence: 0,
    mastery: emptyMastery(),
    memory: emptyMemory(),
    behaviour: emptyBehaviour(),
    exposure: new Map(),
    interventions: [],
    hints: null,
    decisionId: null,
    recommended: null,
  };
}

/** Only so many exposures and interventions are kept; the oldest are forgotten first. */
const keptExposures = 500;
const keptInterventions = 10;

/** Notes that an activity was shown after a response. */
export function withExposure(state: LearnerState, activityNumber: number, sequence: number): LearnerState {
  const exposure = new Map(state.exposure);
  const timesSeen = (exposure.get(activityNumber)?.timesSeen ?? 0) + 1;
  exposure.delete(activityNumber);
  exposure.set(activityNumber, { timesSeen, lastSeenSequence: sequence });
  if (exposure.size > keptExposures) exposure.delete(exposure.keys().next().value!);
  return { ...state, exposure };
}

/**
 * The state before an activity was shown last; null when that is not known: of what was shown more than once, when it was
 * shown before is not kept.
 */
export function withoutExposure(state: LearnerState, activityNumber: number): LearnerState | null {
  if (state.exposure.get(activityNumber)?.timesSeen !== 1) return null;
  const exposure = new Map(state.exposure);
  exposure.delete(activityNumber);
  return { ...state, exposure };
}

/** Notes that an intervention was offered. */
export function withIntervention(state: LearnerState, intervention: RecentIntervention): LearnerState {
  return { ...state, interventions: [...state.interventions, intervention].slice(-keptInterventions) };
}

/** Notes what a learner did about an offer; what is no longer kept changes nothing. */
export function withReaction(state: LearnerState, interventionId: string, reaction: OfferReaction): LearnerState {
  return {
    ...state,
    interventions: state.interventions.map((each) => (each.id === interventionId ? { ...each, reaction } : each)),
  };
}

/** The stored form: four JSON texts, each read by this module only, and what the database finds learners by. */
export interface StoredLearnerState {
  readonly sequence: number;
  readonly mastery: string;
  readonly behaviour: string;
  readonly exposure: string;
  /** Empty in rows that were stored before it was kept. */
  readonly memory: string;
  readonly decisionId: string | null;
  /** The earliest day on which a skill falls due, which follows from `memory`. */
  readonly nextReviewOn: number | null;
}

type StoredExposure = {
  v: 1;
  seen: [number, number, number][];
  interventions: RecentIntervention[];
  hints: HintsTaken | null;
  recommended?: LearnerState['recommended'];
};

export function storeLearnerState(state: LearnerState): StoredLearnerState {
  const exposure: StoredExposure = {
    v: 1,
    seen: Array.from(state.exposure, ([number, { timesSeen, lastSeenSequence }]) => [
      number,
      timesSeen,
      lastSeenSequence,
    ]),
    interventions: [...state.interventions],
    hints: state.hints,
    recommended: state.recommended,
  };
  return {
    sequence: state.sequence,
    mastery: JSON.stringify(storeMasteryState(state.mastery)),
    behaviour: JSON.stringify(state.behaviour),
    exposure: JSON.stringify(exposure),
    memory: JSON.stringify(state.memory),
    decisionId: state.decisionId,
    nextReviewOn: earliestDue(state.memory),
  };
}

export function parseLearnerState(stored: Omit<StoredLearnerState, 'nextReviewOn'>): LearnerState {
  const exposure = JSON.parse(stored.exposure) as StoredExposure;
  if (exposure.v !== 1) throw new Error(`Unknown version ${String(exposure.v)} of stored exposures.`);
  return {
    sequence: stored.sequence,
    mastery: parseMasteryState(JSON.parse(stored.mastery)),
    memory: stored.memory === '' ? emptyMemory() : parseMemory(JSON.parse(stored.memory)),
    behaviour: parseBehaviourState(JSON.parse(stored.behaviour)),
    exposure: new Map(
      exposure.seen.map(([number, timesSeen, lastSeenSequence]) => [number, { timesSeen, lastSeenSequence }]),
    ),
    interventions: exposure.interventions,
    hints: exposure.hints,
    decisionId: stored.decisionId,
    recommended: exposure.recommended ?? null,
  };
}
