import type { Rng } from '#libs/kernel';
import { indexOf } from '../policy/candidate-index.js';
import { graphOf } from '../policy/skill-graph.js';
import { Beliefs } from './beliefs.js';
import type { Encounter, SimulatedPolicy } from './simulated-policy.js';
import type { World } from './world.js';

/** Any exercise. */
export const random: SimulatedPolicy = bySkill(
  'random',
  ({ world, rng }) =>
    () =>
      anyOf(skillIdsOf(world), rng),
);

/** The skill of least estimated mastery first, wherever it lies in the graph (OATutor's default). */
export const lowestMastery: SimulatedPolicy = bySkill('lowest-mastery', ({ world, rng }) => (beliefs) => {
  const open = skillIdsOf(world).filter((skillId) => !beliefs.isMastered(skillId));
  return bestOf(open.length > 0 ? open : skillIdsOf(world), (skillId) => -beliefs.of(skillId), rng);
});

/** Any skill that is not mastered and whose prerequisites are (ALEKS: Falmagne & Doignon 2011). */
export const outerFringe: SimulatedPolicy = bySkill(
  'outer-fringe',
  ({ world, rng }) =>
    (beliefs) =>
      anyOf(fringeOf(world, beliefs), rng),
);

/** Of the fringe, the skill whose expected success is nearest to .7, with a little for each skill right behind it. */
export const fringeWithBand: SimulatedPolicy = bySkill('fringe-and-band', ({ world, rng }) => {
  const behind = new Map<string, number>();
  for (const { prerequisiteIds } of world.skills) {
    for (const id of prerequisiteIds) behind.set(id, (behind.get(id) ?? 0) + 1);
  }
  return (beliefs) => {
    const worth = (skillId: string): number =>
      -Math.abs(0.25 + 0.65 * beliefs.of(skillId) - 0.7) + 0.15 * (behind.get(skillId) ?? 0);
    return bestOf(fringeOf(world, beliefs), worth, rng);
  };
});

/**
 * Looks inside the learner, imagines every two next exercises and takes the first of the best pair, by score and, for a
 * little, by ability: the bar that no policy that sees answers only can be expected to clear.
 */
export const oracle: SimulatedPolicy = bySkill('oracle', ({ world, learner, rng }) => () => {
  const skillIds = skillIdsOf(world);
  const worth = (skillId: string): number => {
    const after = learner.imagine(skillId);
    return Math.max(
      ...skillIds.map((next) => {
        const then = after.imagine(next);
        return then.score() + 0.3 * then.potential();
      }),
    );
  };
  return bestOf(skillIds, worth, rng);
});

/** A policy that chooses a skill; of its exercises it takes one after another. */
function bySkill(name: string, start: (encounter: Encounter) => (beliefs: Beliefs) => string): SimulatedPolicy {
  return {
    name,
    start: (encounter) => {
      const beliefs = new Beliefs();
      const choose = start(encounter);
      const exercises = indexOf(encounter.world.activities).exercises;
      let turn = 0;
      return {
        choose: () => {
          const skillId = choose(beliefs);
          const list = exercises.filter(({ skillIds }) => skillIds.includes(skillId));
          return list[turn++ % list.length]!;
        },
        observe: ({ skillIds }, correct) => {
          if (correct !== null) for (const skillId of skillIds) beliefs.observe(skillId, correct);
        },
      };
    },
  };
}

function skillIdsOf(world: World): readonly string[] {
  return world.skills.map(({ id }) => id);
}

/** What can be learnt next; where that is nothing, what is not mastered; where that is nothing, anything. */
function fringeOf(world: World, beliefs: Beliefs): readonly string[] {
  const open = skillIdsOf(world).filter((skillId) => !beliefs.isMastered(skillId));
  const graph = graphOf(world.skills);
  const fringe = open.filter((skillId) =>
    (graph.find(skillId)?.prerequisiteIds ?? []).every((id) => beliefs.isMastered(id)),
  );
  if (fringe.length > 0) return fringe;
  return open.length > 0 ? open : skillIdsOf(world);
}

function anyOf(skillIds: readonly string[], rng: Rng): string {
  return skillIds[Math.floor(rng() * skillIds.length)]!;
}

/** The best; of several, any. */
function bestOf(skillIds: readonly string[], worth: (skillId: string) => number, rng: Rng): string {
  let most = -Infinity;
  let best: string[] = [];
  for (const skillId of skillIds) {
    const value = worth(skillId);
    if (value > most) {
      most = value;
      best = [skillId];
    } else if (value === most) best.push(skillId);
  }
  return anyOf(best, rng);
}
