import { readFile } from 'node:fs/promises';
import type { History, TracedResponse } from '#libs/mastery';
import type { DataFormat } from './mastery-flags.js';
import { AktFormatError, parseAktBlocks } from '../traces/akt-blocks.js';

/** A file that does not have the format that it should have, and where. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
}

/** Histories of learners, and whether the first response of each is left out of the score. */
export interface Dataset {
  readonly histories: readonly History[];
  readonly skipsFirst: boolean;
}

/**
 * Reads published data sets of knowledge tracing.
 * - `gervet`: tab-separated `user_id item_id timestamp correct skill_id`, one row a response, the time in seconds, or 0 in
 *   every row where there is no clock; and a file of items with their skills, `item_id,skill_ids`.
 * - `akt`: blocks of four lines (the learner; items; skills; 0 or 1) or of three (the number of answers; skills; 0 or 1).
 * - `pykt`: comma-separated with a header and the columns `concepts` and `responses`, and `questions` and `timestamps` (ms)
 *   where there are any: lists in quotes, −1 for padding, the concepts of one question joined by `_`. A row is a learner,
 *   and her first response is not scored.
 */
export async function readDataset(
  format: DataFormat,
  files: readonly string[],
  itemsFile: string | null,
): Promise<Dataset> {
  const skillsOfItems = itemsFile === null ? null : parseItemSkills(await read(itemsFile), itemsFile);
  const parse = {
    gervet: (text: string, file: string) => parseGervet(text, file, skillsOfItems),
    akt: parseAkt,
    pykt: parsePykt,
  }[format];
  const parsed = await Promise.all(files.map(async (file) => parse(await read(file), file)));
  const histories = parsed.flat().filter(({ length }) => length > 0);
  if (histories.length === 0) throw new DatasetError(`${files.join(', ')}: there is no learner in it.`);
  return { histories, skipsFirst: format === 'pykt' };
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => {
    throw new DatasetError(`${file} cannot be read.`);
  });
}

/** Skills of each item: `item_id,skill_ids` with the skills separated by spaces. */
export function parseItemSkills(text: string, file: string): ReadonlyMap<number, readonly number[]> {
  const skills = new Map<number, readonly number[]>();
  for (const [line, [item, list]] of rowsOf(text, ',')) {
    const numbers = (list ?? '')
      .trim()
      .split(/[ ;|]+/)
      .map(Number);
    if (!isNumber(Number(item)) || !numbers.every(isNumber)) throw wrongLine(file, line, 'an item and its skills');
    skills.set(Number(item), inOrder(numbers));
  }
  return skills;
}

export function parseGervet(
  text: string,
  file: string,
  skillsOfItems: ReadonlyMap<number, readonly number[]> | null,
): History[] {
  const learners = new Map<string, (TracedResponse & { readonly at: number })[]>();
  let hasClock = false;
  for (const [line, [learner, item, timestamp, correct, skill]] of rowsOf(text, '\t')) {
    const right = answer(correct);
    const skills = skillsOfItems?.get(Number(item)) ?? [Number(skill)];
    const seconds = Number(timestamp);
    if (!isNumber(Number(item)) || right === null || !skills.every(isNumber) || !Number.isFinite(seconds)) {
      throw wrongLine(file, line, 'user, item, timestamp, correct and skill, separated by tabs');
    }
    hasClock ||= seconds !== 0;
    const history = learners.get(learner!);
    const response = { item: Number(item), skills, right, at: seconds * 1000 };
    if (history === undefined) learners.set(learner!, [response]);
    else history.push(response);
  }
  const histories = [...learners.values()];
  if (hasClock) return histories;
  return histories.map((history) => history.map(({ item, skills, right }) => ({ item, skills, right })));
}

/** Every row counts, those as well that a file repeats for each skill of an item: so are the published figures. */
export function parseAkt(text: string, file: string): History[] {
  try {
    return parseAktBlocks(text).map(({ lists, answers }) => {
      const [skills, items = null] = lists.toReversed();
      return answers.map((right, step) => ({ item: items?.[step] ?? null, skills: [skills![step]!], right }));
    });
  } catch (error) {
    if (!(error instanceof AktFormatError)) throw error;
    throw new DatasetError(`${file}, ${error.message}`);
  }
}

export function parsePykt(text: string, file: string): History[] {
  const [header, ...rows] = csvRows(text);
  const columnOf = (name: string): number => header?.values.indexOf(name) ?? -1;
  const [concepts, responses, questions, timestamps] = [
    columnOf('concepts'),
    columnOf('responses'),
    columnOf('questions'),
    columnOf('timestamps'),
  ];
  if (concepts < 0 || responses < 0) throw wrongLine(file, 1, 'a header with the columns concepts and responses');
  return rows.map(({ line, values }) => {
    const skills = listOf(values[concepts]);
    const answers = listOf(values[responses]);
    const items = questions < 0 ? null : listOf(values[questions]);
    const times = timestamps < 0 ? null : listOf(values[timestamps]);
    if ([skills, items, times].some((list) => list !== null && list.length !== answers.length)) {
      throw wrongLine(file, line, 'lists of the same length');
    }
    return answers.flatMap((value, step) => {
      if (value === padding) return [];
      const right = answer(value);
      const numbers = inOrder(skills[step]!.split('_').map(Number));
      const item = items === null ? null : Number(items[step]);
      const at = times === null ? undefined : Number(times[step]);
      if (right === null) throw wrongLine(file, line, 'answers that are 0 or 1');
      if (!numbers.every(isNumber)) throw wrongLine(file, line, 'concepts that are numbers');
      if (item !== null && !isNumber(item) && item !== -1) throw wrongLine(file, line, 'questions that are numbers');
      if (at !== undefined && !Number.isFinite(at)) throw wrongLine(file, line, 'timestamps that are numbers');
      return [{ item: item === -1 ? null : item, skills: numbers, right, ...(at === undefined ? {} : { at }) }];
    });
  });
}

const padding = '-1';

/** Rows after the header, with their line numbers. */
function* rowsOf(text: string, separator: string): Generator<[number, string[]]> {
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (index > 0 && trimmed !== '') yield [index + 1, trimmed.split(separator)];
  }
}

/** Comma-separated rows with their line numbers; a value in quotes may hold commas. */
function csvRows(text: string): { readonly line: number; readonly values: readonly string[] }[] {
  return text
    .split('\n')
    .map((content, index) => ({ line: index + 1, content: content.trim() }))
    .filter(({ content }) => content !== '')
    .map(({ line, content }) => ({
      line,
      values: [...content.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
      ),
    }));
}

function listOf(text = ''): string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function inOrder(numbers: readonly number[]): number[] {
  return [...new Set(numbers)].sort((a, b) => a - b);
}

function answer(text: string | undefined): 0 | 1 | null {
  if (text?.trim() === '1') return 1;
  return text?.trim() === '0' ? 0 : null;
}

function isNumber(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

function wrongLine(file: string, line: number, expected: string): DatasetError {
  return new DatasetError(`${file}, line ${line}: expected ${expected}.`);
}
