import type { ItemParameters, MasteryEstimate, MasteryState, Prediction } from './mastery-state.js';

/** An answer as a model learns from it. */
export interface AnsweredItem {
  readonly item: ItemParameters;
  readonly correct: boolean;
  /** When it was given, in Unix milliseconds. */
  readonly at: number;
}

/** How the mastery of one skill changed: its probability, before and after. */
export interface MasteryChange {
  readonly skillId: string;
  readonly before: number;
  readonly after: number;
}

/** What a model made of an answer. */
export interface Updated {
  readonly state: MasteryState;
  readonly prediction: Prediction;
  /** Of the skills of the item, each once. */
  readonly changes: readonly MasteryChange[];
}

/**
 * A way to follow learners. Its methods are pure; each works on states of its own version only. `at` is when something is
 * asked, in Unix milliseconds; where it is left out, time does not count.
 */
export interface StudentModel {
  readonly name: 'elo' | 'attune';
  readonly version: number;
  /** Number of the population weights behind it. */
  readonly snapshot: number;
  /** Predicts the answer to an item, with the reasons. */
  predict(state: MasteryState, item: ItemParameters, at?: number): Prediction;
  /** The probability alone, 0 to 1, for those who ask for hundreds of items at a time. */
  probabilityOf(state: MasteryState, item: ItemParameters, at?: number): number;
  /** The state after an answer, with the prediction that was made before it was known. */
  update(state: MasteryState, answered: AnsweredItem): Updated;
  /** Responses of the learner to a skill. */
  responsesTo(state: MasteryState, skillId: string): number;
  /** How well a skill is mastered. */
  estimate(state: MasteryState, skillId: string, at?: number): MasteryEstimate;
}

/** A state has come to a model of another version. */
export function strange(model: string, state: MasteryState): TypeError {
  return new TypeError(`The model ${model} does not read states of version ${state.version}.`);
}
