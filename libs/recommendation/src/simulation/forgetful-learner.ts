import type { Rng } from '#libs/kernel';
import type { SkillNode } from '../model/choice.js';
import type { HiddenLearner } from './hidden-learner.js';

/** The numbers of the model: logits, chances, and shares a step. Plain guesses, not fitted to anybody. */
const model = {
  /** Ability at the start: normal around `mean`, lower by `perLevel` for each level of prerequisites. */
  start: { mean: -1.2, between: 0.6, within: 0.5, perLevel: 0.4 },
  guess: 0.2,
  slip: 0.08,
  /** Share of what is missing to `ceiling` that one exercise or one explanation adds, where prerequisites are known. */
  growth: { exercise: 0.16, explanation: 0.2, ceiling: 3 },
  /** Share of what was learnt above the start that is lost a step, of a skill practised once; each practice halves it. */
  forgetting: { rate: 0.012, halving: 0.5, least: 0.001 },
  /** Chance that a wrong answer confuses; what confusion takes from ability and growth; chance that help resolves it. */
  confusion: { base: 0.1, unready: 0.4, weighs: 1, slows: 0.3, resolvedByHelp: 0.85, resolvedBySuccess: 0.4 },
} as const;

interface SkillOf {
  readonly before: readonly number[];
  start: number;
  ability: number;
  practised: number;
  confused: boolean;
}

/**
 * A learner over any graph, who forgets, guesses, slips and gets confused.
 *
 *   p(right) = g + (1 − g − s) σ(θ_k − w [confused about k])          (four-parameter logistic: Barton & Lord 1981)
 *   θ_k ← θ_k + η (3 − θ_k) Π_p σ(2 (θ_p + ½))                        p: direct prerequisites of the skill k
 *   θ_j ← θ_j − λ_j (θ_j − θ_j at the start), for every other skill j  λ_j = λ / 2^(practices of j)
 *
 * Forgetting by steps rather than by days, slower with every practice, stands in for spaced recall (Bahrick 1979). A wrong
 * answer may confuse, more so where prerequisites are missing; until help or success resolves it she is weaker and
 * learns less (D'Mello & Graesser 2012).
 */
export class ForgetfulLearner implements HiddenLearner {
  readonly most: number;

  private constructor(
    private readonly places: ReadonlyMap<string, number>,
    private readonly skills: SkillOf[],
  ) {
    this.most = skills.length * (1 - model.slip);
  }

  /** Draws a learner of a course. Prerequisites may not go in a circle. */
  static draw(graph: readonly SkillNode[], rng: Rng): ForgetfulLearner {
    const { mean, between, within, perLevel } = model.start;
    const places = new Map(graph.map(({ id }, place) => [id, place]));
    const befores = graph.map(({ prerequisiteIds }) =>
      prerequisiteIds.map((id) => places.get(id)).filter((place) => place !== undefined),
    );
    const levels = new Map<number, number>();
    const levelOf = (place: number): number => {
      const known = levels.get(place);
      if (known !== undefined) return known;
      const level = befores[place]!.reduce((most, one) => Math.max(most, 1 + levelOf(one)), 0);
      levels.set(place, level);
      return level;
    };
    const general = mean + between * normal(rng);
    const skills = befores.map((before, place) => {
      const start = general + within * normal(rng) - perLevel * levelOf(place);
      return { before, start, ability: start, practised: 0, confused: false };
    });
    return new ForgetfulLearner(places, skills);
  }

  practise(skillId: string, rng: Rng): boolean {
    const skill = this.skillOf(skillId);
    const ready = this.readiness(skill);
    this.learn(skill, model.growth.exercise);
    const right = rng() < this.chanceOf(skillId);
    const { base, unready, resolvedBySuccess } = model.confusion;
    if (right && skill.confused) skill.confused = rng() >= resolvedBySuccess;
    else if (!right && rng() < base + unready * (1 - ready)) skill.confused = true;
    return right;
  }

  takeHelp(skillId: string, rng: Rng): void {
    const skill = this.skillOf(skillId);
    if (rng() < model.confusion.resolvedByHelp) skill.confused = false;
    this.learn(skill, model.growth.explanation);
  }

  isConfusedBy(skillId: string): boolean {
    return this.skillOf(skillId).confused;
  }

  chanceOf(skillId: string): number {
    return chanceIn(this.skillOf(skillId));
  }

  score(): number {
    return this.skills.reduce((sum, skill) => sum + chanceIn(skill), 0);
  }

  potential(): number {
    return this.skills.reduce((sum, { ability }) => sum + ability, 0);
  }

  imagine(skillId: string): ForgetfulLearner {
    const next = new ForgetfulLearner(
      this.places,
      this.skills.map((skill) => ({ ...skill })),
    );
    next.learn(next.skillOf(skillId), model.growth.exercise);
    return next;
  }

  private skillOf(skillId: string): SkillOf {
    return this.skills[this.places.get(skillId)!]!;
  }

  /** How far the prerequisites of a skill are known, 0 to 1. */
  private readiness({ before }: SkillOf): number {
    return before.reduce((product, place) => product * sigmoid(2 * (this.skills[place]!.ability + 0.5)), 1);
  }

  private learn(skill: SkillOf, share: number): void {
    const { ceiling } = model.growth;
    const slowed = skill.confused ? model.confusion.slows : 1;
    skill.ability += share * slowed * this.readiness(skill) * Math.max(0, ceiling - skill.ability);
    skill.practised++;
    for (const other of this.skills) if (other !== skill) forget(other);
  }
}

function chanceIn({ ability, confused }: SkillOf): number {
  const known = sigmoid(ability - (confused ? model.confusion.weighs : 0));
  return model.guess + (1 - model.guess - model.slip) * known;
}

function forget(skill: SkillOf): void {
  const { rate, halving, least } = model.forgetting;
  if (skill.practised === 0 || skill.ability <= skill.start) return;
  const share = Math.max(least, rate * halving ** (skill.practised - 1));
  skill.ability -= share * (skill.ability - skill.start);
}

function sigmoid(logits: number): number {
  return 1 / (1 + Math.exp(-logits));
}

/** A standard normal number (Box & Muller 1958). */
function normal(rng: Rng): number {
  return Math.sqrt(-2 * Math.log(1 - rng())) * Math.cos(2 * Math.PI * rng());
}
