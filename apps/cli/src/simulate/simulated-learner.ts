import type { Rng } from '#libs/kernel';
import { normal, sigmoid } from './chance.js';

/** What the model needs to know of a skill. */
export interface SimulatedSkill {
  readonly id: string;
  readonly prerequisiteIds: readonly string[];
}

/** What the model needs to know of an exercise. */
export interface SimulatedItem {
  readonly skillIds: readonly string[];
  /** Logits. */
  readonly difficulty: number;
  /** How long it usually takes. */
  readonly minutes: number;
  /** Chance of a right answer without knowing anything. */
  readonly guess: number;
  readonly hintCount: number;
}

/** What a learner means to do with an exercise. */
export interface Attempt {
  readonly correct: boolean;
  /** Hints asked for before the answer. */
  readonly hints: number;
  readonly durationMs: number;
}

/** The constants of the model, in logits and chances where nothing else is said. */
const learnerModel = {
  /** Ability at the start: normal around `mean`; each level of prerequisites below a skill makes it less known. */
  start: { mean: -0.4, between: 0.8, within: 0.5, perLevel: 0.35 },
  /** Chance of a wrong answer in spite of knowing. */
  slip: 0.04,
  /** Growth by one exercise, of what is missing to `ceiling`, where all prerequisites are known. */
  growth: { right: 0.09, wrong: 0.06, explanation: 0.16, ceiling: 3 },
  /** Chance that a wrong answer confuses: at least, and more where prerequisites are missing. */
  confusion: { base: 0.12, unready: 0.4, weighs: 1, slows: 1.9, resolvedByExplanation: 0.85, resolvedByHint: 0.2 },
  hints: { whenConfused: 0.6, whenUnsure: 0.25, each: 0.35, most: 3 },
  /** Time on an exercise: log-normal around a share of its minutes. */
  time: { share: 0.4, spread: 0.35, between: 0.2, leastMs: 1_200 },
  /** Chance of taking an offer of help. */
  takesOffer: { confused: 0.85, otherwise: 0.55 },
} as const;

/**
 * A made-up learner whose true ability nobody else sees.
 *
 * Each skill has an ability θ (logits). Knowing an exercise of difficulty b has the chance p = σ(min θ − b), less
 * `confusion.weighs` logits while confused about one of its skills; the answer is right with g + (1 − g − s) p
 * (guess g, slip s: the four-parameter logistic model, Barton & Lord 1981). Practice moves θ towards a ceiling by a
 * share of what is missing, times the readiness Π σ(2 (θ_prerequisite + ½)): whoever lacks the basis learns little, so
 * an order that respects prerequisites pays (after the knowledge structures of Doignon & Falmagne 1999). A wrong
 * answer may leave her confused about a skill: slower, weaker, asking for hints, until an explanation resolves it.
 * Times are log-normal (van der Linden 2006). The constants are plain guesses, not fitted to anybody.
 */
export class SimulatedLearner {
  private readonly abilities = new Map<string, number>();
  private readonly confused = new Set<string>();
  private readonly prerequisites: ReadonlyMap<string, readonly string[]>;
  private readonly pace: number;

  constructor(
    skills: readonly SimulatedSkill[],
    private readonly rng: Rng,
  ) {
    const { start, time } = learnerModel;
    this.prerequisites = new Map(skills.map(({ id, prerequisiteIds }) => [id, prerequisiteIds]));
    this.pace = Math.exp(time.between * normal(rng));
    const general = start.mean + start.between * normal(rng);
    for (const { id } of skills) {
      this.abilities.set(id, general - start.perLevel * this.levelOf(id) + start.within * normal(rng));
    }
  }

  /** True ability on a skill, in logits. */
  ability(skillId: string): number {
    return this.abilities.get(skillId) ?? learnerModel.start.mean;
  }

  isConfusedBy(skillIds: readonly string[]): boolean {
    return skillIds.some((skillId) => this.confused.has(skillId));
  }

  /** Chance that she knows an exercise. */
  knows({ skillIds, difficulty }: Pick<SimulatedItem, 'skillIds' | 'difficulty'>): number {
    const weakest = Math.min(...skillIds.map((skillId) => this.ability(skillId)));
    return sigmoid(weakest - difficulty - (this.isConfusedBy(skillIds) ? learnerModel.confusion.weighs : 0));
  }

  /** Decides how she answers; nothing is learned yet. */
  attempt(item: SimulatedItem): Attempt {
    const { hints, slip } = learnerModel;
    const confused = this.isConfusedBy(item.skillIds);
    const unaided = this.knows(item);
    const wants = confused ? hints.whenConfused : hints.whenUnsure * (1 - unaided);
    let taken = 0;
    while (taken < Math.min(hints.most, item.hintCount) && this.rng() < wants) taken++;
    const known = this.knows({ skillIds: item.skillIds, difficulty: item.difficulty - hints.each * taken });
    const correct = this.rng() < item.guess + (1 - item.guess - slip) * known;
    return { correct, hints: taken, durationMs: this.timeFor(item.minutes, confused, taken) };
  }

  /** Learns from an exercise that was answered. */
  practise(item: SimulatedItem, { correct, hints }: Attempt): void {
    const { growth, confusion } = learnerModel;
    for (const skillId of item.skillIds) {
      this.grow(skillId, correct ? growth.right : growth.wrong);
      if (hints > 0 && this.rng() < confusion.resolvedByHint) this.confused.delete(skillId);
      const risk = confusion.base + confusion.unready * (1 - this.readiness(skillId));
      if (!correct && this.rng() < risk) this.confused.add(skillId);
      else if (correct) this.confused.delete(skillId);
    }
  }

  /** Learns from an explanation, a worked example or the like. */
  understand(skillIds: readonly string[]): void {
    for (const skillId of skillIds) {
      this.grow(skillId, learnerModel.growth.explanation);
      if (this.rng() < learnerModel.confusion.resolvedByExplanation) this.confused.delete(skillId);
    }
  }

  /** Whether she takes an offer of help. */
  takesOffer(skillIds: readonly string[]): boolean {
    const { confused, otherwise } = learnerModel.takesOffer;
    return this.rng() < (this.isConfusedBy(skillIds) ? confused : otherwise);
  }

  /** How far the prerequisites of a skill are known, 0 to 1. */
  private readiness(skillId: string): number {
    const before = this.prerequisites.get(skillId) ?? [];
    return before.reduce((product, one) => product * sigmoid(2 * (this.ability(one) + 0.5)), 1);
  }

  private grow(skillId: string, share: number): void {
    const ability = this.ability(skillId);
    const missing = Math.max(0, learnerModel.growth.ceiling - ability);
    this.abilities.set(skillId, ability + share * this.readiness(skillId) * missing);
  }

  private timeFor(minutes: number, confused: boolean, hints: number): number {
    const { share, spread, leastMs } = learnerModel.time;
    const slower = (confused ? learnerModel.confusion.slows : 1) * (1 + 0.25 * hints);
    const usual = minutes * 60_000 * share * this.pace * slower;
    return Math.max(leastMs, Math.round(usual * Math.exp(spread * normal(this.rng))));
  }

  /** Levels of prerequisites below a skill. */
  private levelOf(skillId: string, seen: ReadonlySet<string> = new Set()): number {
    if (seen.has(skillId)) return 0;
    const before = this.prerequisites.get(skillId) ?? [];
    return before.reduce((most, one) => Math.max(most, 1 + this.levelOf(one, new Set([...seen, skillId]))), 0);
  }
}
