import { FSRSAlgorithm, Rating } from 'ts-fsrs';

/** What is remembered of one learner's skills, by FSRS-6. Small, its own stored form, never mutated. */
export interface MemoryState {
  readonly version: 1;
  /** The learner's own weights, 21 of them; null for those of the population. */
  readonly weights: readonly number[] | null;
  /** By skill id. A skill that was never answered has no entry. */
  readonly skills: Readonly<Record<string, SkillMemory>>;
}

/** Memory of one skill. Days are calendar days in the institution's time zone, counted from 1970-01-01. */
export interface SkillMemory {
  /** Days after which the skill is recalled with probability .9. */
  readonly stability: number;
  /** From 1 to 10. */
  readonly difficulty: number;
  readonly reviewedOn: number;
  readonly reviews: number;
  /** Reviews that failed. */
  readonly lapses: number;
}

/** How well a skill was recalled: an answer that needed hints was hard. */
export type Recall = 'failed' | 'hard' | 'good';

/** A skill that is due for review. */
export interface DueReview {
  readonly skillId: string;
  /** Probability that it would be recalled today. */
  readonly retrievability: number;
  readonly dueOn: number;
}

const grades: Record<Recall, Rating> = { failed: Rating.Again, hard: Rating.Hard, good: Rating.Good };

export function emptyMemory(): MemoryState {
  return { version: 1, weights: null, skills: {} };
}

/**
 * Memory after an answer to an item of some skills (FSRS-6; J. Ye et al., "A stochastic shortest path algorithm for
 * optimizing spaced repetition scheduling", KDD 2022, and its open implementation `ts-fsrs`). Only the first answer of a day is a
 * review: what follows on the same day says nothing of memory. An answer that comes late from an earlier day is left out.
 */
export function remember(
  state: MemoryState,
  { skillIds, recall, day }: { readonly skillIds: readonly string[]; readonly recall: Recall; readonly day: number },
): MemoryState {
  const algorithm = algorithmOf(state.weights);
  let { skills } = state;
  for (const skillId of new Set(skillIds)) {
    const before = memoryOf(state, skillId);
    if (before !== undefined && day <= before.reviewedOn) continue;
    const elapsed = before === undefined ? 0 : day - before.reviewedOn;
    const { stability, difficulty } = algorithm.next_state(before ?? null, elapsed, grades[recall]);
    const after: SkillMemory = {
      stability,
      difficulty,
      reviewedOn: day,
      reviews: (before?.reviews ?? 0) + 1,
      lapses: (before?.lapses ?? 0) + (before !== undefined && recall === 'failed' ? 1 : 0),
    };
    skills = { ...skills, ...Object.fromEntries([[skillId, after]]) };
  }
  return skills === state.skills ? state : { ...state, skills };
}

/** Probability that a skill is recalled on a day; null for one that was never answered. */
export function retrievability(state: MemoryState, skillId: string, day: number): number | null {
  const memory = memoryOf(state, skillId);
  if (memory === undefined) return null;
  return algorithmOf(state.weights).forgetting_curve(Math.max(0, day - memory.reviewedOn), memory.stability);
}

/** The day on which a skill falls to the retention that is wanted, at the earliest the day after its last review. */
export function dueOn(state: MemoryState, skillId: string): number | null {
  const memory = memoryOf(state, skillId);
  if (memory === undefined) return null;
  return memory.reviewedOn + Math.max(1, algorithmOf(state.weights).next_interval(memory.stability, 0));
}

/** The earliest day on which a skill falls due; null where nothing is remembered. */
export function earliestDue(state: MemoryState): number | null {
  let earliest: number | null = null;
  for (const [skillId, { reviewedOn }] of Object.entries(state.skills)) {
    // A skill is due a day after its review at the earliest, so most need not be worked out.
    if (earliest !== null && reviewedOn + 1 >= earliest) continue;
    const on = dueOn(state, skillId)!;
    if (earliest === null || on < earliest) earliest = on;
  }
  return earliest;
}

/** The skills that are due on a day, the least well recalled first. */
export function dueReviews(state: MemoryState, day: number): DueReview[] {
  const due: DueReview[] = [];
  for (const skillId of Object.keys(state.skills)) {
    const on = dueOn(state, skillId)!;
    if (on <= day) due.push({ skillId, retrievability: retrievability(state, skillId, day)!, dueOn: on });
  }
  return due.sort((a, b) => a.retrievability - b.retrievability || (a.skillId < b.skillId ? -1 : 1));
}

/** Reads a stored memory and throws a `TypeError` that names the first thing wrong with it. */
export function parseMemory(json: unknown): MemoryState {
  const stored = json as Partial<MemoryState> | null;
  if (typeof stored !== 'object' || stored?.version !== 1) throw new TypeError('Memory: the version is not 1.');
  if (typeof stored.skills !== 'object' || stored.skills === null)
    throw new TypeError('Memory: skills is not an object.');
  for (const [skillId, memory] of Object.entries(stored.skills)) {
    for (const value of [memory.stability, memory.difficulty, memory.reviewedOn, memory.reviews, memory.lapses]) {
      if (!Number.isFinite(value)) throw new TypeError(`Memory: ${skillId} holds something that is not a number.`);
    }
  }
  const { weights = null } = stored;
  if (weights !== null && weights.length !== 21) throw new TypeError('Memory: there are not 21 weights.');
  return stored as MemoryState;
}

function memoryOf(state: MemoryState, skillId: string): SkillMemory | undefined {
  return Object.hasOwn(state.skills, skillId) ? state.skills[skillId] : undefined;
}

/** Recall that is aimed at: a skill is due when it has fallen to this. */
const retention = 0.9;

const population = new FSRSAlgorithm(settings());
const ofLearners = new WeakMap<readonly number[], FSRSAlgorithm>();

function algorithmOf(weights: readonly number[] | null): FSRSAlgorithm {
  if (weights === null) return population;
  let algorithm = ofLearners.get(weights);
  if (algorithm === undefined) {
    algorithm = new FSRSAlgorithm({ ...settings(), w: weights });
    ofLearners.set(weights, algorithm);
  }
  return algorithm;
}

function settings(): ConstructorParameters<typeof FSRSAlgorithm>[0] {
  return { request_retention: retention, enable_fuzz: false, enable_short_term: false };
}
