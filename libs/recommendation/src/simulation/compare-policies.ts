import { seededRng } from '#libs/kernel';
import { emptyMastery, type ItemParameters, type StudentModel } from '#libs/mastery';
import { fringeAndBand, isMastered } from '../policy/fringe-and-band.js';
import { graphOf } from '../policy/skill-graph.js';
import { oracle } from './baselines.js';
import { Beliefs } from './beliefs.js';
import { modelOfWorld } from './model-of.js';
import type { SimulatedPolicy } from './simulated-policy.js';
import type { World } from './world.js';

export interface ComparisonOptions {
  readonly world: World;
  readonly policies: readonly SimulatedPolicy[];
  readonly learners: number;
  /** Steps at which gains are compared; the lessons are as long as the longest. */
  readonly steps: readonly number[];
  readonly seed: string;
  /** Told after each learner of each policy. */
  readonly onLearner?: () => void;
}

/** A mean over learners with the half width of its 95 % interval. */
export interface Mean {
  readonly mean: number;
  readonly halfWidth: number;
}

export interface PolicyResult {
  readonly name: string;
  /** Normalised gain, (score − score at the start) / (most − score at the start), after 0, 1, 2, … steps. */
  readonly curve: readonly Mean[];
  readonly atSteps: readonly {
    readonly steps: number;
    readonly gain: Mean;
    /** Of the oracle's gain with the same learners; null without the oracle. */
    readonly shareOfOracle: Mean | null;
  }[];
  /** Mean number of steps in a lesson on a skill of which a prerequisite has not shown mastery. */
  readonly violations: number;
}

/**
 * Lets each policy teach the same learners, drawn anew for each from the same seeds, and compares what they have
 * learnt by the hidden score. Whoever is confused asks for help half of the time, whoever teaches her.
 *
 * A prerequisite, near or far, has shown mastery once the answers of that lesson have satisfied either of the two models
 * that are in use here: `isMastered` under the default policy, or knowledge tracing at .95.
 */
export function comparePolicies(options: ComparisonOptions): readonly PolicyResult[] {
  const lessons = options.policies.map((policy) => ({ policy, gains: teachAll(policy, options) }));
  const best = lessons.find(({ policy }) => policy.name === oracle.name)?.gains ?? null;
  return lessons.map(({ policy, gains }) => {
    const length = gains[0]?.gains.length ?? 0;
    const after = (all: readonly Lesson[], step: number): number[] => all.map((lesson) => lesson.gains[step]!);
    return {
      name: policy.name,
      curve: Array.from({ length }, (_, step) => meanOf(after(gains, step))),
      atSteps: options.steps.map((steps) => ({
        steps,
        gain: meanOf(after(gains, steps)),
        shareOfOracle: best === null ? null : ratioOf(after(gains, steps), after(best, steps)),
      })),
      violations: meanOf(gains.map(({ violations }) => violations)).mean,
    };
  });
}

interface Lesson {
  readonly gains: Float64Array;
  readonly violations: number;
}

function teachAll(policy: SimulatedPolicy, options: ComparisonOptions): Lesson[] {
  return Array.from({ length: options.learners }, (_, index) => {
    const lesson = teach(policy, options, `${options.seed}/${index}`);
    options.onLearner?.();
    return lesson;
  });
}

const asksForHelp = 0.5;

function teach(policy: SimulatedPolicy, { world, steps }: ComparisonOptions, seed: string): Lesson {
  const learner = world.drawLearner(seededRng(`${seed}/learner`));
  const answers = seededRng(`${seed}/answers`);
  const chooser = policy.start({ world, learner, rng: seededRng(`${seed}/choices`), seed });
  const witness = new Witness(world);
  const start = learner.score();
  const gains = new Float64Array(Math.max(0, ...steps) + 1);
  let violations = 0;
  for (let step = 1; step < gains.length; step++) {
    const activity = chooser.choose();
    const [skillId] = activity.skillIds as [string];
    if (!witness.isReadyFor(skillId)) violations++;
    if (activity.kind === 'exercise') {
      const correct = learner.practise(skillId, answers);
      if (!correct && learner.isConfusedBy(skillId) && answers() < asksForHelp) learner.takeHelp(skillId, answers);
      witness.note(activity, correct);
      chooser.observe(activity, correct);
    } else {
      learner.takeHelp(skillId, answers);
      chooser.observe(activity, null);
    }
    gains[step] = (learner.score() - start) / (learner.most - start);
  }
  return { gains, violations };
}

/** What anybody can know of a learner from her answers. */
class Witness {
  private mastery = emptyMastery();
  private readonly model: StudentModel;
  private readonly beliefs = new Beliefs();
  private readonly mastered = new Set<string>();

  constructor(private readonly world: World) {
    this.model = modelOfWorld(world);
  }

  isReadyFor(skillId: string): boolean {
    return graphOf(this.world.skills)
      .prerequisitesOf(skillId)
      .every((id) => this.mastered.has(id));
  }

  note(item: ItemParameters, correct: boolean): void {
    this.mastery = this.model.update(this.mastery, { item, correct, at: 0 }).state;
    this.beliefs.observe(item.skillIds[0]!, correct);
    for (const { id } of this.world.skills) {
      if (this.beliefs.isMastered(id) || isMastered(this.model.estimate(this.mastery, id), fringeAndBand))
        this.mastered.add(id);
    }
  }
}

function meanOf(values: readonly number[]): Mean {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, halfWidth: 1.96 * Math.sqrt(squares / Math.max(1, values.length - 1) / values.length) };
}

/** The ratio of two means over the same learners; its interval by the delta method (Cochran 1977, section 6.3). */
function ratioOf(values: readonly number[], others: readonly number[]): Mean {
  const over = meanOf(others).mean;
  const ratio = meanOf(values).mean / over;
  const rest = meanOf(values.map((value, index) => value - ratio * others[index]!));
  return { mean: ratio, halfWidth: Math.abs(rest.halfWidth / over) };
}
