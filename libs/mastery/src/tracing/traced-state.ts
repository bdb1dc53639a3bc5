import { usualBkt } from '../policy/bkt.js';
import { emptyTrace, type ItemTrace, type LearnerTrace, type RecentItem, type SkillTrace } from './learner-trace.js';
import { NumberTable } from './number-table.js';

/** What the streamed model knows of one learner. Never mutated. */
export interface TracedState {
  readonly version: 2;
  readonly trace: LearnerTrace;
  readonly views: NumberTable<SkillView>;
}

/** What is told of a skill besides its trace. */
export interface SkillView {
  /** P(L), as Bayesian knowledge tracing sees it. */
  readonly known: number;
  /** How far, in logits, its mastery is held up or down against the model; see `StreamedModel.update`. */
  readonly held: number;
}

/** A learner of whom nothing is known. */
export function emptyTracedState(): TracedState {
  return { version: 2, trace: emptyTrace(), views: NumberTable.empty };
}

const unseen: SkillView = { known: usualBkt.known, held: 0 };

export function viewOf({ views }: TracedState, skill: number): SkillView {
  return views.get(skill) ?? unseen;
}

const scalars = [
  'responses',
  'right',
  'average3',
  'average10',
  'average30',
  'residual5',
  'residual10',
  'residual30',
  'first',
  'firsts',
  'streaks',
  'run',
] as const satisfies readonly (keyof LearnerTrace)[];
/** Numbers of a stored skill and of a stored item, each behind its own number. */
const skillWidth = 11;
const itemWidth = 6;

/**
 * The stored form: rows of numbers, as {@link storeTracedState} writes them. A time is 0 where there is none.
 */
export interface StoredTracedState {
  readonly version: 2;
  readonly all: readonly number[];
  /** The last answer, its item (null where there is none) and its skills. */
  readonly last: readonly [0 | 1, number | null, ...number[]] | null;
  readonly skills: readonly (readonly number[])[];
  readonly items: readonly (readonly number[])[];
  readonly recentSkills: readonly number[];
  /** Items and residuals. */
  readonly recentItems: readonly (readonly number[])[];
}

export function storeTracedState(state: TracedState): StoredTracedState {
  const { trace } = state;
  const { last, recentSkills, recentItems } = trace;
  return {
    version: 2,
    all: [...scalars.map((name) => trace[name]), trace.lastAt ?? 0],
    last: last === null ? null : [last.right, last.item, ...last.skills],
    skills: trace.skills.mapped((skill, seen) => {
      const { responses, right, residual, average, fast, lastStep, pattern, lastAt = 0 } = seen;
      const { known, held } = viewOf(state, skill);
      return [skill, responses, right, residual, average, fast, lastStep, pattern, lastAt, known, held];
    }),
    items: trace.items.mapped((item, { responses, right, lastStep, lastRight, lastAt = 0 }) => [
      item,
      responses,
      right,
      lastStep,
      lastRight,
      lastAt,
    ]),
    recentSkills,
    recentItems: recentItems.map(({ item, residual }) => [item, residual]),
  };
}

/** Reads what {@link storeTracedState} wrote; throws a `TypeError` that names the first thing wrong with it. */
export function parseTracedState(json: unknown): TracedState {
  if (typeof json !== 'object' || json === null) throw new TypeError('Mastery state: not an object.');
  const stored = json as Partial<Record<keyof StoredTracedState, unknown>>;
  if (stored.version !== 2) throw new TypeError('Mastery state: the version is not 2.');
  const all = numbers(stored.all, scalars.length + 1, 'all');
  const rowsOfSkills = rows(stored.skills, skillWidth, 'skills');
  const rowsOfItems = rows(stored.items, itemWidth, 'items');
  const trace = {
    ...(Object.fromEntries(scalars.map((name, place) => [name, all[place]!])) as Record<
      (typeof scalars)[number],
      number
    >),
    lastAt: timeOf(all.at(-1)!),
    last: lastOf(stored.last),
    skills: NumberTable.of(rowsOfSkills, skillOf),
    items: NumberTable.of(rowsOfItems, itemOf),
    recentSkills: numbers(stored.recentSkills, null, 'recentSkills'),
    recentItems: rows(stored.recentItems, 2, 'recentItems').map(([item, residual]): RecentItem => ({
      item: item!,
      residual: residual!,
    })),
  } as LearnerTrace;
  return {
    version: 2,
    trace,
    views: NumberTable.of(rowsOfSkills, ([, , , , , , , , , known, held]): SkillView => ({
      known: known!,
      held: held!,
    })),
  };
}

function skillOf([
  ,
  responses,
  right,
  residual,
  average,
  fast,
  lastStep,
  pattern,
  lastAt,
]: readonly number[]): SkillTrace {
  return {
    responses: responses!,
    right: right!,
    residual: residual!,
    average: average!,
    fast: fast!,
    lastStep: lastStep!,
    pattern: pattern!,
    lastAt: timeOf(lastAt!),
  };
}

function itemOf([, responses, right, lastStep, lastRight, lastAt]: readonly number[]): ItemTrace {
  return {
    responses: responses!,
    right: right!,
    lastStep: lastStep!,
    lastRight: lastRight as 0 | 1,
    lastAt: timeOf(lastAt!),
  };
}

function timeOf(lastAt: number): number | undefined {
  return lastAt === 0 ? undefined : lastAt;
}

function lastOf(json: unknown): LearnerTrace['last'] {
  if (json === null) return null;
  if (!Array.isArray(json) || json.length < 2) throw new TypeError('Mastery state: last is not a list.');
  const [right, item, ...skills] = json as [0 | 1, number | null, ...number[]];
  return { right, item, skills: numbers(skills, null, 'last') };
}

function rows(json: unknown, width: number, what: string): readonly (readonly number[])[] {
  if (!Array.isArray(json)) throw new TypeError(`Mastery state: ${what} is not a list.`);
  for (const row of json)
    if (!Number.isSafeInteger(numbers(row, width, what)[0]))
      throw new TypeError(`Mastery state: ${what} holds a number that is none.`);
  return json as number[][];
}

function numbers(json: unknown, length: number | null, what: string): readonly number[] {
  if (!Array.isArray(json) || (length !== null && json.length !== length)) {
    throw new TypeError(`Mastery state: ${what} is not a list of ${length ?? 'some'} numbers.`);
  }
  for (const value of json) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      throw new TypeError(`Mastery state: ${what} holds something that is not a number.`);
    }
  }
  return json as number[];
}
