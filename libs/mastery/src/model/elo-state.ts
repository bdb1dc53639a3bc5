/** What Elo knows of one learner. Its stored form is itself, and it is never mutated. */
export interface EloState {
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
}

/** A learner of whom nothing is known. */
export function emptyElo(): EloState {
  return { version: 1, global: 0, responses: 0, skills: {} };
}

/**
 * Reads a stored state and throws a `TypeError` that names the first thing wrong with it.
 * Written out by hand because it runs once for every response: it is one pass without an allocation.
 */
export function parseEloState(json: unknown): EloState {
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
    if (correct > responses) throw new TypeError(`Mastery state: ${skillId} has more right answers than responses.`);
  }
  // Each field was looked at above.
  return json as unknown as EloState;
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
