import type { Rng } from '#libs/kernel';

/** A made-up learner. What she is able to do is hidden: policies see her answers, only an oracle looks inside. */
export interface HiddenLearner {
  /** She works on an exercise of a skill, learns from it and answers. */
  practise(skillId: string, rng: Rng): boolean;
  /** She takes an explanation, a worked example or the like. */
  takeHelp(skillId: string, rng: Rng): void;
  /** Whether she is confused about a skill, and would ask for help. */
  isConfusedBy(skillId: string): boolean;
  /** The chance of a right answer as she is now. */
  chanceOf(skillId: string): number;
  /** Sum over the skills of the chance of a right answer. */
  score(): number;
  /** The highest score that there is. */
  readonly most: number;
  /** How far her hidden abilities have grown, all together; an oracle breaks ties by it. */
  potential(): number;
  /** Herself after one more exercise of a skill, as it goes on average; she stays as she is. */
  imagine(skillId: string): HiddenLearner;
}
