import type { FeatureRow } from './feature-row.js';
import { sameSkills, type LearnerTrace } from './learner-trace.js';
import { T, templateOf, templates, type TemplateName } from './templates.js';

export { FeatureRow } from './feature-row.js';
export { templateOf, templates, type FeatureGroup, type TemplateName } from './templates.js';

/** What the population knows of the difficulty of an item. */
export interface Difficulty {
  /** Logit of the shrunk share of right answers to items with these skills. */
  readonly skills: number;
  /** The same of the item itself, shrunk towards that of its skills. */
  readonly item: number;
  /** The share itself, p̄. */
  readonly expected: number;
  /** ln(1 + responses to the item). */
  readonly logResponses: number;
}

/** An item as the model sees it: numbers of itself and of its skills, each once and in rising order. */
export interface TracedItem {
  /** Null where items are not told apart. */
  readonly item: number | null;
  readonly skills: readonly number[];
  /** How difficult its author says it is, in logits; left out where nobody says so. */
  readonly authored?: number;
  /** When it is answered, in ms; left out where there is no clock. */
  readonly at?: number | undefined;
}

/** The features of a model. */
export interface FeatureSet {
  readonly name: 'best-lr' | 'attune';
  readonly version: number;
  readonly has: (template: number) => boolean;
  /** L2 penalty of a template's weights. */
  readonly penaltyOf: (template: number) => number;
}

const ofBestLr = new Set(
  (
    [
      'bias',
      'skill',
      'item',
      'skill attempts',
      'skill right',
      'all attempts',
      'all right',
      'item attempts',
      'item right',
    ] satisfies TemplateName[]
  ).map(templateOf),
);

/** Best-LR of T. Gervet et al., "When is deep learning the best approach to knowledge tracing?", JEDM 12(3), 2020. */
export const bestLr: FeatureSet = {
  name: 'best-lr',
  version: 1,
  has: (template) => ofBestLr.has(template),
  penaltyOf: () => 1,
};

/**
 * Everything that can be streamed: Best-LR; success averages at several rates (R-PFA, Galyardt and Goldin 2015); averages
 * of what is unexpected, y − p̄, overall and by skill (Elo, Pelánek 2016); the last answers to a skill (AugmentedLR,
 * Schmucker et al. 2022); gaps in responses and, where there is a clock, in hours (DAS3H, Choffin et al. 2019); and what the latest other skills and items say of this one.
 */
export const attuneFeatures: FeatureSet = {
  name: 'attune',
  version: 1,
  has: () => true,
  penaltyOf: (template) => templates[template]!.penalty,
};

/** Those of {@link attuneFeatures} that mean the same in every course: they name no skill and no item. */
export const generalFeatures: FeatureSet = {
  ...attuneFeatures,
  has: (template) => !templates[template]!.ofSome,
};

/** How many other skills and items a prediction looks at, the latest first. */
export const transferFrom = { skills: 12, items: 8 } as const;

const logs = Float64Array.from({ length: 1 << 12 }, (_, n) => Math.log1p(n));

/** ln(1 + x), from a table for small whole numbers. */
function l1(x: number): number {
  return x >>> 0 === x && x < logs.length ? logs[x]! : Math.log1p(x);
}

/** Describes the next response of a learner by features of her past, O(skills of the item). */
export function featuresOf(row: FeatureRow, trace: LearnerTrace, next: TracedItem, difficulty: Difficulty): void {
  row.clear();
  addSkillFeatures(row, trace, next.skills, next.at);
  addItemFeatures(row, trace, next.item, next.at, difficulty);
}

/** The features that are the same for all items of the same skills. */
export function addSkillFeatures(
  row: FeatureRow,
  trace: LearnerTrace,
  skills: readonly number[],
  at: number | undefined,
): void {
  const { responses: n, last } = trace;
  row.add(T.bias, 1);
  const pattern = trace.skills.get(skills[0]!)?.pattern ?? 1;
  let right = 0;
  let attempts = 0;
  let known = 0;
  let residual = 0;
  let average = 0;
  let fast = 0;
  let gap = 0;
  for (const skill of skills) {
    row.add(T.skill, 1, skill);
    const seen = trace.skills.get(skill);
    row.add(T['skill pattern'], 1, skill, lastOf(pattern, 2));
    row.add(T['skill × residual 30'], trace.residual30, skill);
    if (trace.firsts > 0) row.add(T['skill × first'], trace.first, skill);
    if (seen === undefined) continue;
    const since = l1(n - seen.lastStep - 1);
    row.add(T['skill attempts'], l1(seen.responses), skill);
    row.add(T['skill right'], l1(seen.right), skill);
    row.add(T['skill × average'], seen.average - 0.6, skill);
    row.add(T['skill × gap'], since, skill);
    right += seen.right;
    attempts += seen.responses;
    known++;
    residual += seen.residual;
    average += seen.average - 0.6;
    fast += seen.fast - 0.6;
    gap += since;
  }
  // Nobody is asked for no skill, but what has lost its skills must not make numbers that are none.
  const several = Math.max(1, skills.length);
  right /= several;
  attempts /= several;
  row.add(T['all attempts'], l1(n));
  row.add(T['all right'], l1(trace.right));
  row.add(T['mean right'], l1(right));
  row.add(T['mean wrong'], l1(attempts - right));
  row.add(T.accuracy, (trace.right + 2 * 0.7) / (n + 2) - 0.7);
  if (n > 0) {
    row.add(T['average 3'], trace.average3 - 0.5);
    row.add(T['average 10'], trace.average10 - 0.5);
    row.add(T['average 30'], trace.average30 - 0.5);
    row.add(T['residual 10'], trace.residual10);
    row.add(T['residual 30'], trace.residual30);
  }
  if (known > 0) {
    row.add(T['skill residual'], residual / known);
    row.add(T['skill average'], average / known);
    row.add(T['skill fast'], fast / known);
    row.add(T.gap, gap / known);
    row.add(T['gap × average'], ((gap / known) * average) / known);
    row.add(T['residual × attempts'], (residual / known) * l1(attempts));
    row.add(T['average × attempts'], (average / known) * l1(attempts));
  }
  row.add(T.pattern, 1, pattern);
  row.add(T['pattern × attempts'], 1, lastOf(pattern, 3), Math.min(Math.trunc(attempts), 12));
  if (last !== null) row.add(T.last, 1, last.right, sameSkills(last.skills, skills) ? 1 : 0);
  row.add(T.seen, 1, known > 0 ? 1 : 0, Math.min(n, 3));
  row.add(T.position, l1(n));
  if (trace.firsts > 0) {
    row.add(T.first, trace.first);
    row.add(T.firsts, trace.first, Math.min(trace.firsts, 6));
  }
  row.add(T.streaks, l1(trace.streaks));
  row.add(T['skills met'], l1(trace.skills.size));
  row.add(T['streaks a skill'], trace.streaks / (trace.skills.size + 1));
  row.add(T['residual 5'], trace.residual5);
  row.add(T.run, 1, Math.min(trace.run, 8), last === null ? 2 : last.right);
  if (at !== undefined) addClock(row, trace, skills, at);

  if (!row.takes(T['skill transfer'])) return;
  let others = 0;
  for (let place = trace.recentSkills.length - 1; place >= 0 && others < transferFrom.skills; place--) {
    const other = trace.recentSkills[place]!;
    if (skills.includes(other)) continue;
    const said = trace.skills.get(other)!.residual;
    for (const skill of skills) row.add(T['skill transfer'], said, skill, other);
    others++;
  }
}

/** The features that an item has of its own. */
export function addItemFeatures(
  row: FeatureRow,
  trace: LearnerTrace,
  item: number | null,
  at: number | undefined,
  { item: bi, skills: bs, logResponses }: Difficulty,
): void {
  const { responses: n, last } = trace;
  row.add(T['item difficulty'], bi);
  row.add(T['skills difficulty'], bs);
  row.add(T['difficulty gap'], (bi - bs) * logResponses * 0.2);
  row.add(T['residual × difficulty'], trace.residual30 * bi);
  row.add(T['difficulty bin'], 1, binOf(bi));
  row.add(T['level bin'], 1, binOf(bi + trace.residual30 * 3));
  if (item === null) return;
  const seen = trace.items.get(item);
  row.add(T.item, 1, item);
  row.add(T['item attempts'], l1(seen?.responses ?? 0));
  row.add(T['item right'], l1(seen?.right ?? 0));
  if (last !== null && last.item === item) row.add(T['same item again'], 1, last.right);
  if (seen !== undefined) {
    row.add(T['item last'], 1, seen.lastRight);
    row.add(T['item gap'], l1(n - seen.lastStep - 1), seen.lastRight);
    row.add(T['item × last'], seen.lastRight - 0.5, item);
    if (at !== undefined && seen.lastAt !== undefined) {
      row.add(T['since item'], l1(hoursBetween(seen.lastAt, at)), seen.lastRight);
    }
  }
  if (!row.takes(T['item transfer'])) return;
  let others = 0;
  for (let place = trace.recentItems.length - 1; place >= 0 && others < transferFrom.items; place--) {
    const { item: other, residual } = trace.recentItems[place]!;
    if (other === item) continue;
    row.add(T['item transfer'], residual, item, other);
    others++;
  }
}

/**
 * What the clock says: ln(1 + hours) since the last response and since each of the skills, and whether that was in the
 * same session, on the same day or before. What has no time yet adds nothing.
 */
function addClock(row: FeatureRow, trace: LearnerTrace, skills: readonly number[], at: number): void {
  if (trace.lastAt !== undefined && trace.last !== null) {
    const hours = hoursBetween(trace.lastAt, at);
    row.add(T['since last'], l1(hours));
    row.add(T['since last, bin'], 1, sittingOf(hours), trace.last.right);
  }
  let timed = 0;
  let since = 0;
  let average = 0;
  let shortest = Infinity;
  let lastRight = 0;
  for (const skill of skills) {
    const seen = trace.skills.get(skill);
    if (seen?.lastAt === undefined) continue;
    const hours = hoursBetween(seen.lastAt, at);
    timed++;
    since += l1(hours);
    average += seen.average - 0.6;
    if (hours >= shortest) continue;
    shortest = hours;
    lastRight = seen.pattern & 1;
  }
  if (timed > 0) {
    row.add(T['since skill'], since / timed);
    row.add(T['since skill × average'], ((since / timed) * average) / timed);
    row.add(T['since skill, bin'], 1, sittingOf(shortest), lastRight);
  }
}

const hour = 3_600_000;

/** Never below 0: devices disagree about the time. */
function hoursBetween(before: number, at: number): number {
  return Math.max(0, at - before) / hour;
}

/** 0 within a session, up to half an hour; 1 on the same day, up to twelve hours; 2 later. */
function sittingOf(hours: number): number {
  if (hours <= 0.5) return 0;
  return hours <= 12 ? 1 : 2;
}

/** The last answers of a pattern, at most so many, with their own leading 1. */
function lastOf(pattern: number, most: number): number {
  const top = 1 << most;
  return pattern < top * 2 ? pattern : top | (pattern & (top - 1));
}

/** Twelve bins of half a logit from -3. */
function binOf(logit: number): number {
  return Math.trunc(Math.min(Math.max((logit + 3) * 2, 0), 11));
}
