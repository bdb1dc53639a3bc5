import { parseAktBlocks, type AktBlock } from '../traces/akt-blocks.js';

/** One answer of a real learner. */
export interface TracedAnswer {
  readonly item: number;
  /** Null where the file knows no skills. */
  readonly skill: number | null;
  readonly correct: boolean;
}

/** What one real learner did, in order. */
export type Trace = readonly TracedAnswer[];

/**
 * Reads traces in the format of the AKT data sets; blocks of three lines know no skills. Rows that a file repeats for
 * each skill of one item become one answer.
 */
export function parseTraces(text: string): Trace[] {
  return parseAktBlocks(text).map(toTrace);
}

function toTrace({ lists: [items, skills], answers }: AktBlock): Trace {
  const trace: TracedAnswer[] = [];
  for (const [index, item] of items!.entries()) {
    const answer = { item, skill: skills?.[index] ?? null, correct: answers[index] === 1 };
    const before = trace.at(-1);
    const isRepeat =
      skills !== undefined &&
      before?.item === item &&
      before.correct === answer.correct &&
      before.skill !== answer.skill;
    if (!isRepeat) trace.push(answer);
  }
  return trace;
}

/**
 * Finds for each traced answer an exercise of a course: the skills of the file, in the order of their numbers, stand
 * for the skills of the course in its order, and the items of a skill for its exercises. Where the file knows no
 * skills, its items are dealt out in the order of their numbers.
 * @param exercises exercises of each skill of the course, in the course's order; none of them empty
 */
export function mapTraces<T>(
  traces: readonly Trace[],
  exercises: readonly (readonly T[])[],
): (answer: TracedAnswer) => T {
  const all = traces.flat();
  const skills = rank(all.map(({ skill }) => skill ?? 0));
  const items = rank(all.map(({ item }) => item));
  const share = Math.ceil(items.size / exercises.length);
  return ({ item, skill }) => {
    const number = items.get(item)!;
    const place = skill === null ? Math.floor(number / share) : skills.get(skill)! % exercises.length;
    const choices = exercises[place]!;
    return choices[number % choices.length]!;
  };
}

function rank(values: readonly number[]): Map<number, number> {
  return new Map([...new Set(values)].sort((a, b) => a - b).map((value, index) => [value, index]));
}
