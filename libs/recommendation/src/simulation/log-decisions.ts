import { seededRng } from '#libs/kernel';
import type { LoggedDecision } from '../evaluation/logged-decision.js';
import type { Policy } from '../model/policy.js';
import { AttuneChooser } from './attune-chooser.js';
import type { World } from './world.js';

export interface LogDecisionsOptions {
  readonly world: World;
  readonly policy: Policy;
  readonly learners: number;
  /** Decisions of each learner. */
  readonly steps: number;
  readonly seed: string;
}

/**
 * Teaches simulated learners and logs each decision. The reward is what it added to the learner's hidden score; the
 * context, how many skills have been mastered; the action, the skill of an activity.
 */
export function* logDecisions({
  world,
  policy,
  learners,
  steps,
  seed,
}: LogDecisionsOptions): Generator<LoggedDecision> {
  const skillOf = new Map(world.activities.map(({ activityId, skillIds }) => [activityId, skillIds[0]!]));
  for (let number = 0; number < learners; number++) {
    const own = `${seed}/${number}`;
    const learner = world.drawLearner(seededRng(`${own}/learner`));
    const answers = seededRng(`${own}/answers`);
    const chooser = new AttuneChooser(world, policy, own);
    for (let step = 0; step < steps; step++) {
      const choice = chooser.decide();
      const activity = chooser.activityOf(choice);
      const context = `mastered-${chooser.masteredSkills()}`;
      const [before, [skillId]] = [learner.score(), activity.skillIds as [string]];
      const correct = activity.kind === 'exercise' ? learner.practise(skillId, answers) : null;
      if (correct === null) learner.takeHelp(skillId, answers);
      chooser.observe(activity, correct);
      if (choice.kind !== 'chosen') continue;
      const { name, version, temperature, epsilon } = policy;
      yield {
        id: `${own}/${step}`,
        policy: { name, version, temperature, epsilon },
        seed: choice.seed,
        candidates: choice.candidates.map(({ activityId, probability, utility }) => ({
          activityId,
          probability,
          utility,
          action: skillOf.get(activityId)!,
        })),
        chosen: choice.activityId,
        context,
        learner: own,
        reward: learner.score() - before,
      };
    }
  }
}
