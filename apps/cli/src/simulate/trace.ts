/** One answer of a real learner. */
export interface TracedAnswer {
  readonly item: number;
  /** Null where the file knows no skills. */
  readonly skill: number | null;
  readonly correct: boolean;
}

/** What one real learner did, in order. */
export type Trace = readonly TracedAnswer[];

/** The file is not of the format. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

/**
 * Reads traces in the format of the AKT data sets: blocks of four lines (two numbers of the learner; items; skills; 0 or
 * 1 for each answer), or of three without the skills (number of answers; items; 0 or 1). Rows that a file repeats for
 * each skill of one item become one answer.
 */
export function parseTraces(text: string): Trace[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const blockLength = lines.length > 0 && numbers(lines[0]!).length > 1 ? 4 : 3;
  if (lines.length === 0 || lines.length % blockLength !== 0) {
    const middle = blockLength === 4 ? 'items, skills' : 'items';
    throw new TraceError(`Expected blocks of ${blockLength} lines: the learner, ${middle}, 0 or 1.`);
  }
  const traces: Trace[] = [];
  for (let start = 0; start < lines.length; start += blockLength) {
    traces.push(readBlock(lines.slice(start + 1, start + blockLength).map(numbers), start + 1));
  }
  return traces;
}

function readBlock(rows: readonly number[][], line: number): Trace {
  const [items, skills, answers] = rows.length === 3 ? [rows[0]!, rows[1]!, rows[2]!] : [rows[0]!, null, rows[1]!];
  if (answers.length !== items.length || (skills !== null && skills.length !== items.length)) {
    throw new TraceError(`The lines of the block at line ${line} have different lengths.`);
  }
  const trace: TracedAnswer[] = [];
  for (const [index, item] of items.entries()) {
    const answer = { item, skill: skills?.[index] ?? null, correct: answers[index] === 1 };
    const before = trace.at(-1);
    const isRepeat =
      skills !== null && before?.item === item && before.correct === answer.correct && before.skill !== answer.skill;
    if (!isRepeat) trace.push(answer);
  }
  return trace;
}

function numbers(line: string): number[] {
  const values = line
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (values.some((value) => !Number.isFinite(value))) throw new TraceError(`Not numbers: ${line.slice(0, 60)}`);
  return values;
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
