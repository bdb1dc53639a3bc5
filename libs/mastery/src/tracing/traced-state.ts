import { usualBkt } from '../policy/bkt.js';
import { emptyTrace, type ItemTrace, type LearnerTrace, type SkillTrace } from './learner-trace.js';
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
const ofSkill = [
  'responses',
  'right',
  'residual',
  'average',
  'fast',
  'lastStep',
  'pattern',
] as const satisfies readonly (keyof SkillTrace)[];
const ofItem = [
  'responses',
  'right',
  'lastStep',
  'lastRight',
  'residual',
] as const satisfies readonly (keyof ItemTrace)[];

/**
 * The stored form: the numbers in the order of the lists above, behind that of the skill or item; then the time of the
 * last response, 0 where it has none; of a skill, last, its view.
 */
export interface StoredTracedState {
  readonly version: 2;
  readonly all: readonly number[];
  /** The last answer, its item (null where there is none) and its skills. */
  readonly last: readonly [0 | 1, number | null, ...number[]] | null;
  readonly skills: readonly (readonly number[])[];
  readonly items: readonly (readonly number[])[];
  readonly recentSkills: readonly number[];
  readonly recentItems: readonly number[];
}

export function storeTracedState(state: TracedState): StoredTracedState {
  const { trace } = state;
  const { last, recentSkills, recentItems } = trace;
  return {
    version: 2,
    all: [...scalars.map((name) => trace[name]), trace.lastAt ?? 0],
    last: last === null ? null : [last.right, last.item, ...last.skills],
    skills: Array.from(trace.skills.entries(), ([skill, seen]) => {
      const { known, held } = viewOf(state, skill);
      return [skill, ...ofSkill.map((name) => seen[name]), seen.lastAt ?? 0, known, held];
    }),
    items: Array.from(trace.items.entries(), ([item, seen]) => [
      item,
      ...ofItem.map((name) => seen[name]),
      seen.lastAt ?? 0,
    ]),
    recentSkills,
    recentItems,
  };
}

/** Reads what {@link storeTracedState} wrote; throws a `TypeError` that names the first thing wrong with it. */
export function parseTracedState(json: unknown): TracedState {
  if (typeof json !== 'object' || json === null) throw new TypeError('Mastery state: not an object.');
  const stored = json as Partial<Record<keyof StoredTracedState, unknown>>;
  if (stored.version !== 2) throw new TypeError('Mastery state: the version is not 2.');
  const all = numbers(stored.all, scalars.length + 1, 'all');
  let skills: NumberTable<SkillTrace> = NumberTable.empty;
  let views: NumberTable<SkillView> = NumberTable.empty;
  for (const row of rows(stored.skills, ofSkill.length + 4, 'skills')) {
    skills = skills.set(row[0]!, timed(ofSkill, row, 1) as SkillTrace);
    views = views.set(row[0]!, { known: row.at(-2)!, held: row.at(-1)! });
  }
  let items: NumberTable<ItemTrace> = NumberTable.empty;
  for (const row of rows(stored.items, ofItem.length + 2, 'items')) {
    items = items.set(row[0]!, timed(ofItem, row, 1) as ItemTrace);
  }
  const trace = {
    ...timed(scalars, all, 0),
    last: lastOf(stored.last),
    skills,
    items,
    recentSkills: numbers(stored.recentSkills, null, 'recentSkills'),
    recentItems: numbers(stored.recentItems, null, 'recentItems'),
  } as LearnerTrace;
  return { version: 2, trace, views };
}

/** Numbers under their names, and the time behind them. */
function timed<N extends string>(
  names: readonly N[],
  row: readonly number[],
  from: number,
): Record<N, number> & { readonly lastAt: number | undefined } {
  const value = {} as Record<N, number>;
  for (let place = 0; place < names.length; place++) value[names[place]!] = row[from + place]!;
  const lastAt = row[from + names.length]!;
  return { ...value, lastAt: lastAt === 0 ? undefined : lastAt };
}

function lastOf(json: unknown): LearnerTrace['last'] {
  if (json === null) return null;
  if (!Array.isArray(json) || json.length < 2) throw new TypeError('Mastery state: last is not a list.');
  const [right, item, ...skills] = json as [0 | 1, number | null, ...number[]];
  return { right, item, skills: numbers(skills, null, 'last') };
}

function rows(json: unknown, width: number, what: string): readonly (readonly number[])[] {
  if (!Array.isArray(json)) throw new TypeError(`Mastery state: ${what} is not a list.`);
  for (const row of json) numbers(row, width, what);
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
