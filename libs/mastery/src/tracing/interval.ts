/** Variance in logits² of a learner's level, and of a skill's relative to it, among learners not yet seen. */
const prior = { level: 1, skill: 0.5 } as const;

/** Information of a response, p (1 − p), at p = 3/4, where exercises are aimed. */
const informationPerResponse = 3 / 16;

/** 95th percentile of the standard normal: between its two signs lies 90 %. */
const z90 = 1.6448536269514722;

/**
 * Half of the 90 % interval of a skill's mastery, in logits: normal, with the variances of level and skill added,
 * 1 / (1/τ² + n p (1 − p)) each (Laplace's approximation of the posterior of a logistic model with a normal prior).
 * @param all responses of the learner in all
 * @param ofSkill those to the skill
 */
export function halfWidth(all: number, ofSkill: number): number {
  const variance = (tau: number, n: number): number => 1 / (1 / tau + n * informationPerResponse);
  return z90 * Math.sqrt(variance(prior.level, all) + variance(prior.skill, ofSkill));
}
