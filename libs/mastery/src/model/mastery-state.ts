import { parseEloState, type EloState } from './elo-state.js';
import {
  emptyTracedState,
  parseTracedState,
  storeTracedState,
  type StoredTracedState,
  type TracedState,
} from '../tracing/traced-state.js';

/**
 * What is known about one learner after some responses: small and never mutated. The version says which model it belongs
 * to, so that several models live side by side, and a learner stays with hers until her state is rebuilt for another.
 */
export type MasteryState = EloState | TracedState;

/** What the model needs to know of an item. */
export interface ItemParameters {
  /** The skills that the item asks for; their order means nothing and repeats count once. */
  readonly skillIds: readonly string[];
  /** Logits, as its author gave it: an average learner gets an item of difficulty 0 right half of the time. */
  readonly difficulty: number;
  /** Of the activity within its course; left out for an item that is not told apart from others of its skills. */
  readonly number?: number;
}

/** How well a learner masters one skill. */
export interface MasteryEstimate {
  readonly skillId: string;
  /** Probability of a right answer on the skill's reference item: by Elo one of difficulty 0, else its median item. */
  readonly probability: number;
  /** Lower end of the 90 % interval of `probability`. */
  readonly low: number;
  /** Upper end of the 90 % interval of `probability`. */
  readonly high: number;
  /** Responses to items of this skill. */
  readonly responses: number;
  /** P(L) as Bayesian knowledge tracing sees it; left out where the model does not tell. */
  readonly known?: number;
}

/** The probability of a right answer, with the reasons for it. */
export interface Prediction {
  readonly probability: number;
  /**
   * Named parts in logits; the logistic function of their sum is `probability`. By Elo they are `global`, `skill:<id>` and
   * `difficulty`, else the groups of features.
   */
  readonly terms: readonly { readonly name: string; readonly value: number }[];
}

/** A learner of whom nothing is known. */
export function emptyMastery(): MasteryState {
  return emptyTracedState();
}

/** The stored form: plain JSON. */
export function storeMasteryState(state: MasteryState): EloState | StoredTracedState {
  return state.version === 1 ? state : storeTracedState(state);
}

/** Reads a stored state and throws a `TypeError` that names the first thing wrong with it. */
export function parseMasteryState(json: unknown): MasteryState {
  const version = (json as { version?: unknown } | null)?.version;
  return version === 2 ? parseTracedState(json) : parseEloState(json);
}
