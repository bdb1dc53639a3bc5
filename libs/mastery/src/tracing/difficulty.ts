import { logistic } from '../policy/logistic.js';
import type { Difficulty, TracedItem } from './features.js';
import { sameSkills } from './learner-trace.js';

/** Prior weight of an item's share, in responses, towards that of its skills; and of the skills' towards that of all. */
const priorOfItem = 6;
const priorOfSkills = 20;
const firstGuess = 0.65;

/** Answers of many learners to something. */
export interface Count {
  responses: number;
  right: number;
  /** Sum of the difficulties that the authors of the answered items gave, in logits; 0 where none gave any. */
  authored: number;
}

interface KnownDifficulty {
  readonly skills: readonly number[];
  readonly authored: number | undefined;
  difficulty: Difficulty;
  /** How many responses the table held then. */
  responses: number;
}

/**
 * Counts of right answers among many learners, by item and by set of skills, and the difficulties that follow:
 * p_S = (right + 20 p) / (n + 20), p̄_i = (right + 6 p_S) / (n + 6), both told as logits. A new item has the difficulty
 * of its skills, and a new set of skills that of all items.
 *
 * Where an author says how difficult an item is, d in logits, and d̄ is the mean of d over the answers to its skills so far
 * (d itself where there are none), the priors are p = σ(−d̄) and p_S' = σ(logit p_S − (d − d̄)): her word holds until
 * there are answers, answers to a skill move all of its items, new ones as well, and answers to an item count for that item.
 */
export class DifficultyTable {
  readonly all: Count = { responses: 0, right: 0, authored: 0 };
  readonly items = new Map<number, Count>();
  readonly skillSets = new Map<string, Count>();
  /** By item, or below 0 by first skill where there is none: how difficult it is with each set of skills that it came with. */
  private readonly known = new Map<number, KnownDifficulty[]>();
  /** By their first skill: sets of skills and their keys, so that a key is not joined again each time. */
  private readonly keys = new Map<number, { readonly skills: readonly number[]; readonly key: string }[]>();

  add({ item, skills, authored = 0 }: TracedItem, right: number): void {
    count(this.all, right, authored);
    if (item !== null) count(entry(this.items, item), right, authored);
    count(entry(this.skillSets, this.keyOf(skills)), right, authored);
  }

  /** The difficulty of an item by the counts so far. */
  now({ item, skills, authored }: TracedItem): Difficulty {
    return this.work(item, this.keyOf(skills), authored);
  }

  /** The same, worked out again only when a response has come since: for a table that seldom changes. */
  of({ item, skills, authored }: TracedItem): Difficulty {
    const known = listAt(this.known, item ?? -1 - skills[0]!);
    const found = withSkills(known, skills, authored);
    if (found !== undefined && found.responses === this.all.responses) return found.difficulty;
    const difficulty = this.work(item, this.keyOf(skills), authored);
    if (found === undefined) known.push({ skills, authored, difficulty, responses: this.all.responses });
    else Object.assign(found, { difficulty, responses: this.all.responses });
    return difficulty;
  }

  private keyOf(skills: readonly number[]): string {
    const known = listAt(this.keys, skills[0]!);
    const found = withSkills(known, skills);
    if (found !== undefined) return found.key;
    const key = skills.join(' ');
    known.push({ skills, key });
    return key;
  }

  /** Share of right answers in all; at the very beginning a guess, and never so near to 0 or 1 that its logit is far off. */
  private overall(): number {
    const { responses, right } = this.all;
    return responses === 0 ? firstGuess : Math.min(0.95, Math.max(0.05, right / responses));
  }

  private work(item: number | null, set: string, authored: number | undefined): Difficulty {
    const ofSet = this.skillSets.get(set) ?? nothing;
    const mean = ofSet.responses === 0 ? authored : ofSet.authored / ofSet.responses;
    const overall = authored === undefined ? this.overall() : logistic(-mean!);
    const skills = (ofSet.right + priorOfSkills * overall) / (ofSet.responses + priorOfSkills);
    const prior = authored === undefined ? skills : logistic(logit(skills) - (authored - mean!));
    const ofItem = item === null ? undefined : (this.items.get(item) ?? nothing);
    const expected =
      ofItem === undefined ? prior : (ofItem.right + priorOfItem * prior) / (ofItem.responses + priorOfItem);
    return {
      skills: logit(skills),
      item: logit(expected),
      expected,
      logResponses: Math.log1p((ofItem ?? ofSet).responses),
    };
  }
}

/** Takes the counts of some learners out of a table. */
export function without(table: DifficultyTable, part: DifficultyTable): DifficultyTable {
  const rest = new DifficultyTable();
  subtract(rest.all, table.all, part.all);
  for (const [item, whole] of table.items) subtract(entry(rest.items, item), whole, part.items.get(item) ?? nothing);
  for (const [set, whole] of table.skillSets) {
    subtract(entry(rest.skillSets, set), whole, part.skillSets.get(set) ?? nothing);
  }
  return rest;
}

const nothing: Readonly<Count> = { responses: 0, right: 0, authored: 0 };

function listAt<T>(lists: Map<number, T[]>, key: number): T[] {
  let list = lists.get(key);
  if (list === undefined) {
    list = [];
    lists.set(key, list);
  }
  return list;
}

/** Few sets share an item, or a first skill: going through them is faster than joining a key. */
function withSkills<T extends { readonly skills: readonly number[]; readonly authored?: number | undefined }>(
  list: readonly T[],
  skills: readonly number[],
  authored?: number,
): T | undefined {
  for (const one of list) if (one.authored === authored && sameSkills(one.skills, skills)) return one;
  return undefined;
}

function entry<K>(counts: Map<K, Count>, key: K): Count {
  let found = counts.get(key);
  if (found === undefined) {
    found = { responses: 0, right: 0, authored: 0 };
    counts.set(key, found);
  }
  return found;
}

function count(into: Count, right: number, authored: number): void {
  into.responses++;
  into.right += right;
  into.authored += authored;
}

function subtract(into: Count, whole: Count, part: Count): void {
  into.responses = whole.responses - part.responses;
  into.right = whole.right - part.right;
  into.authored = whole.authored - part.authored;
}

function logit(probability: number): number {
  return Math.log(probability / (1 - probability));
}
