import type { Rng } from '#libs/kernel';
import type { SkillNode } from '../model/choice.js';
import type { HiddenLearner } from './hidden-learner.js';

/** From skill to skill: the first has to be known before the second. */
const edges: readonly (readonly [number, number])[] = [
  [0, 1],
  [0, 2],
  [1, 3],
  [2, 4],
  [2, 8],
  [3, 4],
  [4, 8],
  [8, 9],
  [5, 4],
  [5, 9],
  [6, 7],
  [7, 8],
];
const size = 10;
/** The skills from the easiest to the hardest. */
const fromEasyToHard = [5, 0, 1, 2, 3, 4, 6, 7, 8, 9];
const before = neighbours(([from, to]) => [to, from]);
const behind = neighbours((edge) => edge);

/** Most ability, and most difficulty, of a skill. */
const ceiling = 5;
/** Share of what is missing that one exercise adds, and share of it that reaches the skills behind. */
const growth = 0.5;
const spread = 0.5;
const guess = 0.25;
const discrimination = 1.7 * 5;

/** The ten skills of the KSS environment as a graph. */
export const kssSkills: readonly SkillNode[] = Array.from({ length: size }, (_, skill) => ({
  id: nameOf(skill),
  prerequisiteIds: before[skill]!.map(nameOf),
}));

/**
 * A learner like that of the environment KSS of EduSim (Q. Liu et al., "Exploiting Cognitive Structure for Adaptive
 * Learning", KDD 2019; bigdata-ustc/EduSim):
 *
 *   a_k ← a_k + (5 − a_k) / 2 · exp(− Σ_p (5 − a_p))        p: the direct prerequisites of the skill k
 *   a_j ← a_j + half of that, for each skill j behind k, and on along every path; never above 5
 *   p(right) = c + (1 − c) / (1 + e^(−D (a_k − b_k)))       c = ¼, D = 8.5
 *
 * She learns from an exercise before she answers it. Abilities begin between −3 and 0, lower by a tenth from skill to
 * skill; difficulties are whole numbers from 0 to 5, in the order of `fromEasyToHard`. She neither forgets nor is
 * confused. Other than in EduSim, answers are drawn with p rather than right from p = ½ on, and all skills are the goal.
 */
export class KssLearner implements HiddenLearner {
  readonly most = size;

  private constructor(
    private readonly abilities: Float64Array,
    private readonly difficulties: Float64Array,
  ) {}

  /** Draws a learner. */
  static draw(rng: Rng): KssLearner {
    const drawn = Array.from({ length: size }, () => Math.floor(rng() * 6)).sort((a, b) => a - b);
    const difficulties = new Float64Array(size);
    for (const [rank, skill] of fromEasyToHard.entries()) difficulties[skill] = drawn[rank]!;
    return new KssLearner(
      Float64Array.from({ length: size }, (_, skill) => Math.floor(rng() * 4) - 3 - 0.1 * skill),
      difficulties,
    );
  }

  /** A learner of given abilities, from skill 0 to skill 9, and difficulties. */
  static of(abilities: readonly number[], difficulties: readonly number[]): KssLearner {
    return new KssLearner(Float64Array.from(abilities), Float64Array.from(difficulties));
  }

  practise(skillId: string, rng: Rng): boolean {
    this.learn(Number(skillId));
    return rng() < this.chanceOf(skillId);
  }

  /** Explanations are unknown to this environment: they pass her by. */
  takeHelp(): void {}

  isConfusedBy(): boolean {
    return false;
  }

  chanceOf(skillId: string): number {
    return this.chanceAt(Number(skillId));
  }

  score(): number {
    let sum = 0;
    for (let skill = 0; skill < size; skill++) sum += this.chanceAt(skill);
    return sum;
  }

  potential(): number {
    return this.abilities.reduce((sum, ability) => sum + ability, 0);
  }

  imagine(skillId: string): KssLearner {
    const next = new KssLearner(this.abilities.slice(), this.difficulties);
    next.learn(Number(skillId));
    return next;
  }

  private chanceAt(skill: number): number {
    const logit = discrimination * (this.abilities[skill]! - this.difficulties[skill]!);
    return guess + (1 - guess) / (1 + Math.exp(-Math.max(-60, Math.min(60, logit))));
  }

  private learn(skill: number): void {
    let missing = 0;
    for (const one of before[skill]!) missing += ceiling - this.abilities[one]!;
    this.raise(skill, (ceiling - this.abilities[skill]!) * growth * Math.exp(-missing));
  }

  private raise(skill: number, by: number): void {
    this.abilities[skill] = Math.min(ceiling, this.abilities[skill]! + by);
    for (const next of behind[skill]!) this.raise(next, by * spread);
  }
}

function neighbours(turn: (edge: readonly [number, number]) => readonly [number, number]): readonly number[][] {
  const lists = Array.from({ length: size }, (): number[] => []);
  for (const edge of edges) {
    const [from, to] = turn(edge);
    lists[from]!.push(to);
  }
  return lists;
}

function nameOf(skill: number): string {
  return String(skill);
}
