import type { Rng } from '#libs/kernel';
import {
  helpKey,
  type DrawnHelpOption,
  type HelpBanditState,
  type HelpOption,
  type HelpPlace,
  type HelpTallies,
  type HelpTally,
} from '../model/help-bandit.js';
import type { Beta } from './beta-distribution.js';
import { largestOf } from './largest-of.js';

/** An option with what is held of it before anything was seen in the course. */
export interface PriorHelpOption extends HelpOption {
  /** Expected reward, above 0 and below 1; ½ when left out. */
  readonly expected?: number;
}

/** What was drawn, and the whole distribution, in the order of the options. */
export interface HelpDraw {
  readonly choice: DrawnHelpOption;
  readonly options: readonly DrawnHelpOption[];
}

/** How firmly a level leans on the one above, in tries: an item on its skill, a skill on the course, that on the prior. */
const strength = { item: 6, skill: 10, course: 4 } as const;

/** Share of a draw that is uniform, when the caller does not say. */
export const helpFloor = 0.05;

/**
 * What is believed of an option at a place, as a beta distribution.
 *
 * Shrinkage: a level with few tries leans on the mean of the level above, so that a new item starts as its skill does and
 * a new skill as the course. The level above is taken without what was tried at the level itself, so nothing counts twice.
 *
 *   m_course = (s_c·prior + R_c) / (s_c + n_c)         tries elsewhere in the course
 *   m_skill  = (s_s·m_course + R_s) / (s_s + n_s)      tries of the skill on other items
 *   item     ~ Beta(s_i·m_skill + R_i, s_i·(1 − m_skill) + n_i − R_i)
 *
 * with s = 4, 10 and 6 tries, R rewards and n tries; without an item, the skill's own beta with s_s. A reward r between 0
 * and 1 adds r to the one side and 1 − r to the other: the mean of the coin toss that S. Agrawal & N. Goyal ("Analysis of
 * Thompson sampling for the multi-armed bandit problem", COLT 2012) make of it. That a bandit for each item, held together
 * like this, does better than one with features of the learner, is CK-12's finding on a million students (2025).
 */
export function helpPosterior(state: HelpBanditState, place: HelpPlace, option: PriorHelpOption): Beta {
  const key = helpKey(option);
  const skill = own(state.skills, place.skillId);
  const course = tallyOf(state.course, key);
  const ofSkill = tallyOf(skill?.all, key);
  const courseMean = lean(prior(option.expected), strength.course, minus(course, ofSkill));
  if (place.itemId === undefined) return betaOf(courseMean, strength.skill, ofSkill);
  const ofItem = tallyOf(own(skill?.items, place.itemId), key);
  const skillMean = lean(courseMean, strength.skill, minus(ofSkill, ofItem));
  return betaOf(skillMean, strength.item, ofItem);
}

/**
 * Draws a kind of help by Thompson sampling, with the probability of each: π = (1 − ε)·P(its reward is the largest) + ε/n.
 *
 * P is computed, not sampled ({@link largestOf}; error below .002), and the draw is made from π itself with one number of
 * `rng`. So the probabilities are exact for the draw that is made; the error only says how far it is from ideal Thompson
 * sampling. An option that is named twice counts once. Throws a `RangeError` without options.
 */
export function drawHelp(
  state: HelpBanditState,
  place: HelpPlace,
  options: readonly PriorHelpOption[],
  rng: Rng,
  floor: number = helpFloor,
): HelpDraw {
  const distribution = helpPropensities(state, place, options, floor);
  if (distribution.length === 0) throw new RangeError('There is no help to draw from.');
  let left = rng();
  const choice = distribution.find(({ probability }) => (left -= probability) < 0) ?? distribution.at(-1)!;
  return { choice, options: distribution };
}

/** The probabilities that {@link drawHelp} draws with. */
export function helpPropensities(
  state: HelpBanditState,
  place: HelpPlace,
  options: readonly PriorHelpOption[],
  floor: number = helpFloor,
): readonly DrawnHelpOption[] {
  const distinct = [...new Map(options.map((option) => [helpKey(option), option])).values()];
  const posteriors = distinct.map((option) => helpPosterior(state, place, option));
  const best = largestOf(posteriors);
  return distinct.map(({ kind, modality }, index) => ({
    kind,
    modality,
    probability: (1 - floor) * best[index]! + floor / distinct.length,
    expected: posteriors[index]!.a / (posteriors[index]!.a + posteriors[index]!.b),
  }));
}

/** What a reward, 0 to 1, makes of the state: one more try of the option, for the item, its skill and the course. */
export function rewarded(
  state: HelpBanditState,
  place: HelpPlace,
  option: HelpOption,
  reward: number,
): HelpBanditState {
  if (!(reward >= 0 && reward <= 1)) throw new RangeError(`A reward is between 0 and 1, not ${reward}.`);
  const key = helpKey(option);
  const skill = own(state.skills, place.skillId) ?? { all: {}, items: {} };
  const items =
    place.itemId === undefined
      ? skill.items
      : withOwn(skill.items, place.itemId, counted(own(skill.items, place.itemId) ?? {}, key, reward));
  return {
    version: 1,
    course: counted(state.course, key, reward),
    skills: withOwn(state.skills, place.skillId, { all: counted(skill.all, key, reward), items }),
  };
}

function counted(tallies: HelpTallies, key: string, reward: number): HelpTallies {
  const [sum, tries] = tallyOf(tallies, key);
  return withOwn(tallies, key, [sum + reward, tries + 1]);
}

const untried: HelpTally = [0, 0];

function tallyOf(tallies: HelpTallies | undefined, key: string): HelpTally {
  return own(tallies, key) ?? untried;
}

/** Sums of many rewards round: what is left may not fall below 0. */
function minus([sum, tries]: HelpTally, [lessSum, lessTries]: HelpTally): HelpTally {
  const left = Math.max(0, tries - lessTries);
  return [Math.min(left, Math.max(0, sum - lessSum)), left];
}

function lean(mean: number, firmness: number, [sum, tries]: HelpTally): number {
  return (firmness * mean + sum) / (firmness + tries);
}

function betaOf(mean: number, firmness: number, [sum, tries]: HelpTally): Beta {
  const right = Math.min(sum, tries);
  return { a: firmness * mean + right, b: firmness * (1 - mean) + tries - right };
}

function prior(expected = 0.5): number {
  return Math.min(0.95, Math.max(0.05, Number.isFinite(expected) ? expected : 0.5));
}

function own<T>(record: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return record !== undefined && Object.hasOwn(record, key) ? record[key] : undefined;
}

/** Ids come from outside; a spread with a computed key makes an own field of any of them, `__proto__` too. */
function withOwn<T>(record: Readonly<Record<string, T>>, key: string, value: T): Readonly<Record<string, T>> {
  return { ...record, [key]: value };
}
