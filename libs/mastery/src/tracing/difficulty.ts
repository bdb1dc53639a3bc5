import type { Difficulty, TracedItem } from './features.js';

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

/**
 * Counts of right answers among many learners, by item and by set of skills, and the difficulties that follow:
 * p_S = (right + 20 p) / (n + 20), p̄_i = (right + 6 p_S) / (n + 6), both told as logits. A new item has the difficulty
 * of its skills, and a new set of skills that of all items.
 */
export class DifficultyTable {
  readonly all: Count = { responses: 0, right: 0, authored: 0 };
  readonly items = new Map<number, Count>();
  readonly skillSets = new Map<string, Count>();
  private readonly known = new Map<string, Difficulty>();

  add({ item, skills }: TracedItem, right: number, authored = 0): void {
    count(this.all, right, authored);
    if (item !== null) count(entry(this.items, item), right, authored);
    count(entry(this.skillSets, skills.join(' ')), right, authored);
  }

  /** The difficulty of an item by the counts so far. */
  now({ item, skills }: TracedItem): Difficulty {
    return this.work(item, skills.join(' '));
  }

  /** The same, worked out once: for a table that does not change any more. */
  of({ item, skills }: TracedItem): Difficulty {
    const set = skills.join(' ');
    const key = `${item}/${set}`;
    let difficulty = this.known.get(key);
    if (difficulty === undefined) {
      difficulty = this.work(item, set);
      this.known.set(key, difficulty);
    }
    return difficulty;
  }

  /** Share of right answers in all; at the very beginning a guess, and never so near to 0 or 1 that its logit is far off. */
  private overall(): number {
    const { responses, right } = this.all;
    return responses === 0 ? firstGuess : Math.min(0.95, Math.max(0.05, right / responses));
  }

  private work(item: number | null, set: string): Difficulty {
    const overall = this.overall();
    const ofSet = this.skillSets.get(set) ?? nothing;
    const skills = (ofSet.right + priorOfSkills * overall) / (ofSet.responses + priorOfSkills);
    const ofItem = item === null ? undefined : (this.items.get(item) ?? nothing);
    const expected =
      ofItem === undefined ? skills : (ofItem.right + priorOfItem * skills) / (ofItem.responses + priorOfItem);
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
