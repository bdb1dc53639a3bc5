import { seededRng, type Rng } from '#libs/kernel';
import type { Candidate, SkillNode } from '../model/choice.js';
import { ForgetfulLearner } from './forgetful-learner.js';
import type { HiddenLearner } from './hidden-learner.js';
import { KssLearner, kssSkills } from './kss-learner.js';

/** A course with the learners that come to it. */
export interface World {
  readonly name: string;
  readonly skills: readonly SkillNode[];
  /** Difficulties are unknown to whoever chooses: all are 0. */
  readonly activities: readonly Candidate[];
  drawLearner(rng: Rng): HiddenLearner;
}

const exercisesOfSkill = 8;

/** The KSS-like world: ten skills, exercises only. See `KssLearner`. */
export const kssWorld: World = {
  name: 'kss',
  skills: kssSkills,
  activities: numbered(kssSkills.flatMap(({ id }) => exercisesOf(id))),
  drawLearner: (rng) => KssLearner.draw(rng),
};

/** A course of any size whose learners forget, guess, slip and get confused; every skill has an explanation too. */
export function forgetfulWorld(skills: readonly SkillNode[]): World {
  return {
    name: 'forgetful',
    skills,
    activities: numbered(skills.flatMap(({ id }) => [...exercisesOf(id), activityOf(id, 'explanation', 0)])),
    drawLearner: (rng) => ForgetfulLearner.draw(skills, rng),
  };
}

/** A prerequisite graph by chance: each skill builds on up to two of the six before it, every fourth on none. */
export function drawGraph(size: number, seed: string): readonly SkillNode[] {
  const rng = seededRng(seed);
  return Array.from({ length: size }, (_, place) => {
    const wanted = place % 4 === 0 ? 0 : 1 + Math.floor(rng() * 2);
    const before = Array.from({ length: wanted }, () => place - 1 - Math.floor(rng() * Math.min(6, place)));
    return { id: skillName(place), prerequisiteIds: [...new Set(before)].map(skillName) };
  });
}

function numbered(activities: readonly Candidate[]): readonly Candidate[] {
  return activities.map((activity, at) => ({ ...activity, number: at + 1 }));
}

function exercisesOf(skillId: string): Candidate[] {
  return Array.from({ length: exercisesOfSkill }, (_, number) => activityOf(skillId, 'exercise', number));
}

function activityOf(skillId: string, kind: 'exercise' | 'explanation', number: number): Candidate {
  return {
    activityId: `${skillId}/${kind}/${number}`,
    kind,
    modality: 'text',
    language: 'en',
    skillIds: [skillId],
    difficulty: 0,
    timesSeen: 0,
    lastSeenSequence: null,
  };
}

function skillName(place: number): string {
  return `s${String(place).padStart(3, '0')}`;
}
