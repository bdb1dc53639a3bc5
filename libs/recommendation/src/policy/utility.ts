import type { MasteryEstimate } from '#libs/mastery';
import type { Candidate } from '../model/choice.js';
import type { Policy } from '../model/policy.js';
import type { LearnerView } from './learner-view.js';

/** An eligible activity with its utility. */
export interface Option {
  readonly activityId: string;
  readonly candidate: Candidate;
  /** The skill that it would be for. */
  readonly target: string;
  /** Of that skill in the course. */
  readonly place: number;
  /** Whether that skill is still to be mastered. */
  readonly learning: boolean;
  readonly expectedSuccess: number;
  /** Of the activities for its skill, how well the best is placed in the success band: 0 where all are compared at once. */
  readonly bestFit: number;
  readonly utility: number;
}

/** The parts of a utility, in the order in which they are added up. */
export const partNames = [
  'fringe',
  'success-band',
  'introduction',
  'progress',
  'gain',
  'opens',
  'review',
  'variety',
] as const;

/** Works out the parts of an option's utility, in the order of their names; gives their sum. See `chooseNext`. */
export function fillParts(
  parts: Float64Array,
  option: Omit<Option, 'utility'>,
  policy: Policy,
  view: LearnerView,
): number {
  fillSkillParts(parts, option.target, policy, view);
  return fillOwnParts(parts, option, policy, view);
}

/** Works out the parts that all activities for a skill have alike. */
export function fillSkillParts(
  parts: Float64Array,
  skillId: string,
  { weights, masteryThreshold }: Policy,
  view: LearnerView,
): void {
  const mastery = view.mastery(skillId);
  const learning = !view.isMastered(skillId);
  parts[0] = learning ? weights.fringe : 0;
  parts[3] = learning ? weights.progress * Math.min(1, mastery.probability / masteryThreshold) : 0;
  parts[4] = learning ? (weights.gain ?? 0) * expectedGain(mastery) : 0;
  parts[5] = learning ? weights.opens * view.opensShare(skillId) : 0;
  parts[6] = learning ? 0 : weights.review * view.reviewUrgency(skillId);
}

/** Works out the parts that are an activity's own, where those of its skill are there; gives the sum of all. */
export function fillOwnParts(
  parts: Float64Array,
  { candidate, expectedSuccess, bestFit }: Pick<Option, 'candidate' | 'expectedSuccess' | 'bestFit'>,
  { weights, successBand }: Policy,
  view: LearnerView,
): number {
  const isExercise = candidate.kind === 'exercise';
  const timesSeen = view.timesSeen(candidate);
  parts[1] = isExercise ? weights.successBand * (bandFit(expectedSuccess, successBand) - bestFit) : 0;
  parts[2] = isExercise ? 0 : weights.introduction;
  parts[7] = (-weights.variety * timesSeen) / (1 + timesSeen);
  return sumOf(parts);
}

/**
 * The most that an activity for a skill can be worth: the best placed exercise, or an explanation where one may come,
 * never seen. Added up as for an activity, so that what is worth as much is equal to the last bit.
 */
export function mostOf(skillId: string, explains: boolean, policy: Policy, view: LearnerView): number {
  const { weights, bandWithinSkill = false } = policy;
  const parts = new Float64Array(partNames.length);
  fillSkillParts(parts, skillId, policy, view);
  const exercise = Math.max(0, bandWithinSkill ? 0 : weights.successBand);
  parts[1] = explains ? Math.max(exercise, weights.introduction) : exercise;
  parts[7] = Math.max(0, -weights.variety);
  return sumOf(parts);
}

function sumOf(parts: Float64Array): number {
  let sum = 0;
  for (const part of parts) sum += part;
  return sum;
}

/** 1 inside the band; outside exp(−½ (distance / .1)²). */
export function bandFit(probability: number, [low, high]: readonly [number, number]): number {
  const distance = Math.max(0, low - probability, probability - high);
  return distance === 0 ? 1 : Math.exp(-0.5 * (distance / 0.1) ** 2);
}

/**
 * What one more practice of a skill is expected to add to its mastery, on a scale from 0 to 1. Practice moves the logit
 * by γ ln(n + 1) (PFA with logarithmic counts: Pavlik, Cen & Koedinger 2009; Gervet et al. 2020), the next one
 * therefore by γ ln((n + 2) / (n + 1)), and the probability by p (1 − p) times that, to the first order:
 *
 *   gain = 4 p (1 − p) · ln((n + 2) / (n + 1)) / ln 2
 */
export function expectedGain({ probability, responses }: MasteryEstimate): number {
  return 4 * probability * (1 - probability) * Math.log2((responses + 2) / (responses + 1));
}
