import type { Rng } from '#libs/kernel';
import type { Candidate } from '../model/choice.js';
import type { HiddenLearner } from './hidden-learner.js';
import type { World } from './world.js';

/** Chooses for one learner, and hears what came of it. */
export interface Chooser {
  choose(): Candidate;
  /** @param correct null for what asks no question */
  observe(activity: Candidate, correct: boolean | null): void;
}

/** What a chooser is given at the start. */
export interface Encounter {
  readonly world: World;
  /** For an oracle only: whoever teaches does not see inside a learner. */
  readonly learner: HiddenLearner;
  readonly rng: Rng;
  /** Different for each learner; the same for each policy. */
  readonly seed: string;
}

/** A way of choosing that can be compared with others. */
export interface SimulatedPolicy {
  readonly name: string;
  start(encounter: Encounter): Chooser;
}
