import { NumberTable } from './number-table.js';

/**
 * What the model remembers of one learner: streamed counts and averages, of constant size for each skill and item that
 * she has met. Immutable; `y` below is 1 for a right answer and 0 for a wrong one, and the residual of a response is
 * y − p̄, where p̄ is the share of right answers to the item among all learners, shrunk towards that of its skills.
 */
export interface LearnerTrace {
  readonly responses: number;
  readonly right: number;
  /** Averages of y with gains max(g, 1/(n+1)), g = .35, .12, .035. */
  readonly average3: number;
  readonly average10: number;
  readonly average30: number;
  /** Averages of the residual with gains max(g, 1/(n+m)), (g, m) = (.25, 2), (.1, 3), (.025, 5). */
  readonly residual5: number;
  readonly residual10: number;
  readonly residual30: number;
  /** Average of the residual on first encounters with a skill, and how many of them there were. */
  readonly first: number;
  readonly firsts: number;
  /** How often three right answers in a row were reached on a skill. */
  readonly streaks: number;
  /** Responses in a row on the same skills, the first not counted. */
  readonly run: number;
  /** Time of the last response that had one, in ms. */
  readonly lastAt?: number | undefined;
  readonly last: { readonly right: 0 | 1; readonly skills: readonly number[]; readonly item: number | null } | null;
  readonly skills: NumberTable<SkillTrace>;
  readonly items: NumberTable<ItemTrace>;
  /** The skills and the items of the latest responses, each once, the latest last. */
  readonly recentSkills: readonly number[];
  readonly recentItems: readonly RecentItem[];
}

/** An item of the latest responses, and the residual of its last one. */
export interface RecentItem {
  readonly item: number;
  readonly residual: number;
}

export interface SkillTrace {
  readonly responses: number;
  readonly right: number;
  /** Average of the residual, gain max(.2, 1/(n+3)). */
  readonly residual: number;
  /** Averages of y with gains .25 and .5, from .6. */
  readonly average: number;
  readonly fast: number;
  /** Number of the last response to the skill. */
  readonly lastStep: number;
  /** Time of the last response to the skill that had one, in ms. */
  readonly lastAt?: number | undefined;
  /** The last four answers: a leading 1, then one bit each, the latest lowest. */
  readonly pattern: number;
}

export interface ItemTrace {
  readonly responses: number;
  readonly right: number;
  readonly lastStep: number;
  readonly lastAt?: number | undefined;
  readonly lastRight: 0 | 1;
}

/** A learner of whom nothing is known. */
export function emptyTrace(): LearnerTrace {
  return {
    responses: 0,
    right: 0,
    average3: 0,
    average10: 0,
    average30: 0,
    residual5: 0,
    residual10: 0,
    residual30: 0,
    first: 0,
    firsts: 0,
    streaks: 0,
    run: 0,
    last: null,
    skills: NumberTable.empty,
    items: NumberTable.empty,
    recentSkills: [],
    recentItems: [],
  };
}

interface TimedResponse {
  readonly item: number | null;
  readonly skills: readonly number[];
  readonly expected: number;
  readonly right: 0 | 1;
  readonly at?: number | undefined;
}

/** How many of the latest are kept: what a prediction looks at, and room for the item itself. */
const kept = { skills: 24, items: 9 } as const;
const threeRight = 0b111;

/**
 * The trace after one more response.
 * @param skills the item's skills, each once, in one order
 * @param expected p̄ of the item
 * @param at when it was, in ms, where there is a clock
 */
export function afterResponse(
  before: LearnerTrace,
  { item, skills, expected, right, at }: TimedResponse,
): LearnerTrace {
  const n = before.responses;
  const residual = right - expected;
  const step = (value: number, gain: number, target: number): number => value + gain * (target - value);

  const isFirst = skills.some((skill) => before.skills.get(skill) === undefined);
  const firsts = before.firsts + (isFirst ? 1 : 0);
  let { streaks } = before;
  let traces = before.skills;
  for (const skill of skills) {
    const seen = before.skills.get(skill) ?? unseenSkill;
    const pattern = nextPattern(seen.pattern, right);
    if (endsInThreeRight(pattern) && !endsInThreeRight(seen.pattern)) streaks++;
    traces = traces.set(skill, {
      responses: seen.responses + 1,
      right: seen.right + right,
      residual: step(seen.residual, Math.max(0.2, 1 / (seen.responses + 3)), residual),
      average: step(seen.average, 0.25, right),
      fast: step(seen.fast, 0.5, right),
      lastStep: n,
      lastAt: at ?? seen.lastAt,
      pattern,
    });
  }
  let { items } = before;
  if (item !== null) {
    const seen = items.get(item);
    items = items.set(item, {
      responses: (seen?.responses ?? 0) + 1,
      right: (seen?.right ?? 0) + right,
      lastStep: n,
      lastAt: at ?? seen?.lastAt,
      lastRight: right,
    });
  }
  const fraction = 1 / (n + 1);
  return {
    responses: n + 1,
    right: before.right + right,
    average3: step(before.average3, Math.max(0.35, fraction), right),
    average10: step(before.average10, Math.max(0.12, fraction), right),
    average30: step(before.average30, Math.max(0.035, fraction), right),
    residual5: step(before.residual5, Math.max(0.25, 1 / (n + 3)), residual),
    residual10: step(before.residual10, Math.max(0.1, 1 / (n + 3)), residual),
    residual30: step(before.residual30, Math.max(0.025, 1 / (n + 5)), residual),
    first: isFirst ? step(before.first, Math.max(0.04, 1 / (firsts + 3)), residual) : before.first,
    firsts,
    streaks,
    lastAt: at ?? before.lastAt,
    run: before.last !== null && sameSkills(before.last.skills, skills) ? before.run + 1 : 0,
    last: { right, skills, item },
    skills: traces,
    items,
    recentSkills: latest(before.recentSkills, skills, kept.skills),
    recentItems: item === null ? before.recentItems : latestItems(before.recentItems, { item, residual }),
  };
}

/** Items are kept for so many responses after they were last seen; one that comes later counts as new. */
const remembered = 1_000;

/** The trace without items that were not seen for long, so that it stays small. It looks only once in a while. */
export function forgetOldItems(trace: LearnerTrace): LearnerTrace {
  if (trace.items.size <= remembered * 1.5) return trace;
  let items: NumberTable<ItemTrace> = NumberTable.empty;
  for (const [item, seen] of trace.items.entries()) {
    if (trace.responses - seen.lastStep <= remembered) items = items.set(item, seen);
  }
  return { ...trace, items };
}

/** The latest, each once, in the order in which they came last. */
function latest(before: readonly number[], now: readonly number[], most: number): readonly number[] {
  if (now.length === 1 && before.at(-1) === now[0]) return before;
  const after: number[] = [];
  for (const one of before) if (!now.includes(one)) after.push(one);
  for (const one of now) after.push(one);
  return after.length > most ? after.slice(-most) : after;
}

function latestItems(before: readonly RecentItem[], now: RecentItem): readonly RecentItem[] {
  const after: RecentItem[] = [];
  for (const one of before) if (one.item !== now.item) after.push(one);
  after.push(now);
  return after.length > kept.items ? after.slice(-kept.items) : after;
}

export function sameSkills(one: readonly number[], other: readonly number[]): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let place = 0; place < one.length; place++) if (one[place] !== other[place]) return false;
  return true;
}

const unseenSkill: SkillTrace = {
  responses: 0,
  right: 0,
  residual: 0,
  average: 0.6,
  fast: 0.6,
  lastStep: -1,
  pattern: 1,
};

function nextPattern(pattern: number, right: 0 | 1): number {
  const next = (pattern << 1) | right;
  return next < 32 ? next : 16 | (next & 15);
}

function endsInThreeRight(pattern: number): boolean {
  return pattern >= 8 && (pattern & threeRight) === threeRight;
}
