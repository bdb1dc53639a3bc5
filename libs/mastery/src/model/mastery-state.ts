/** What is known about one learner after some responses. Small, serialisable to JSON, and never mutated. */
export interface MasteryState {
  readonly version: 1;
  /** Ability that all skills share, in logits; 0 is the average learner. */
  readonly global: number;
  /** Responses seen in all. */
  readonly responses: number;
  /** Skill id → what is known about that skill. A skill without an entry has never been answered. */
  readonly skills: Readonly<Record<string, SkillState>>;
}

/** What is known about one learner in one skill. */
export interface SkillState {
  /** Logits, relative to the learner's global ability. */
  readonly ability: number;
  readonly responses: number;
  readonly correct: number;
  /**
   * By how many answers she is ahead: one more for a right answer, two fewer for a wrong one, never below 0. Absent in
   * states that were stored before this was counted; they begin at 0.
   */
  readonly lead?: number;
}

/** What the model needs to know of an item. */
export interface ItemParameters {
  /** The skills that the item asks for; their order means nothing and repeats count once. */
  readonly skillIds: readonly string[];
  /** Logits: an average learner gets an item of difficulty 0 right half of the time. */
  readonly difficulty: number;
}

/** How well a learner masters one skill. */
export interface MasteryEstimate {
  readonly skillId: string;
  /** Probability of a right answer on the skill's reference item, which has difficulty 0. */
  readonly probability: number;
  /** Lower end of the 90 % interval of `probability`. */
  readonly low: number;
  /** Upper end of the 90 % interval of `probability`. */
  readonly high: number;
  /** Responses to items of this skill. */
  readonly responses: number;
  /** See `SkillState`; absent where a model does not count it. */
  readonly lead?: number;
}

/** The probability of a right answer, with the reasons for it. */
export interface Prediction {
  readonly probability: number;
  /** Named parts in logits: `global`, `skill:<id>` and `difficulty`. The logistic function of their sum is `probability`. */
  readonly terms: readonly { readonly name: string; readonly value: number }[];
}

/** A learner of whom nothing is known. */
export function emptyMastery(): MasteryState {
  return { version: 1, global: 0, responses: 0, skills: {} };
}

/**
 * Reads a stored state and throws a `TypeError` that names the first thing wrong with it.
 * Written out by hand because it runs once for every response: it is one pass without an allocation.
 */
export function parseMasteryState(json: unknown): MasteryState {
  if (!isObject(json)) throw new TypeError('Mastery state: not an object.');
  if (json['version'] !== 1) throw new TypeError('Mastery state: the version is not 1.');
  requireFinite(json['global'], 'global');
  requireCount(json['responses'], 'responses');
  const skills = json['skills'];
  if (!isObject(skills)) throw new TypeError('Mastery state: skills is not an object.');
  for (const skillId of Object.keys(skills)) {
    const skill = skills[skillId];
    if (!isObject(skill)) throw new TypeError(`Mastery state: the skill ${skillId} is not an object.`);
    requireFinite(skill['ability'], `the ability of ${skillId}`);
    const responses = requireCount(skill['responses'], `the responses of ${skillId}`);
    const correct = requireCount(skill['correct'], `the right answers of ${skillId}`);
    if (skill['lead'] !== undefined) requireCount(skill['lead'], `the lead in ${skillId}`);
    if (correct > responses) throw new TypeError(`Mastery state: ${skillId} has more right answers than responses.`);
  }
  return json as unknown as MasteryState;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function requireFinite(value: unknown, what: string): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new TypeError(`Mastery state: ${what} is not a finite number.`);
  }
}

function requireCount(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new TypeError(`Mastery state: ${what} is not a count.`);
  }
  return value;
}
