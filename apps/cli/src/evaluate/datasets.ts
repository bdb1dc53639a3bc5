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
 * - `gervet`: tab-separated `user_id item_id timestamp correct skill_id`, one row a response, and a file of items with
 *   their skills, `item_id,skill_ids`.
 * - `akt`: blocks of four lines (the learner; items; skills; 0 or 1) or of three (the number of answers; skills; 0 or 1).
 * - `pykt`: comma-separated with a header and the columns `concepts` and `responses`, lists in quotes, −1 for padding.
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
  const learners = new Map<string, TracedResponse[]>();
  for (const [line, [learner, item, , correct, skill]] of rowsOf(text, '\t')) {
    const right = answer(correct);
    const skills = skillsOfItems?.get(Number(item)) ?? [Number(skill)];
    if (!isNumber(Number(item)) || right === null || !skills.every(isNumber)) {
      throw wrongLine(file, line, 'user, item, timestamp, correct and skill, separated by tabs');
    }
    const history = learners.get(learner!);
    const response = { item: Number(item), skills, right };
    if (history === undefined) learners.set(learner!, [response]);
    else history.push(response);
  }
  return [...learners.values()];
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
  const concepts = header?.indexOf('concepts') ?? -1;
  const responses = header?.indexOf('responses') ?? -1;
  const questions = header?.indexOf('questions') ?? -1;
  if (concepts < 0 || responses < 0) throw wrongLine(file, 1, 'a header with the columns concepts and responses');
  return rows.map((row, at) => {
    const skills = listOf(row[concepts] ?? '');
    const answers = listOf(row[responses] ?? '');
    const items = questions < 0 ? null : listOf(row[questions] ?? '');
    if (skills.length !== answers.length || (items && items.length !== answers.length)) {
      throw wrongLine(file, at + 2, 'lists of the same length');
    }
    const history: TracedResponse[] = [];
    for (const [step, value] of answers.entries()) {
      if (value === -1) continue;
      const right = answer(String(value));
      if (right === null || !isNumber(skills[step]!)) throw wrongLine(file, at + 2, 'answers that are 0 or 1');
      const item = items === null || items[step]! < 0 ? null : items[step]!;
      history.push({ item, skills: [skills[step]!], right });
    }
    return history;
  });
}

/** Rows after the header, with their line numbers. */
function* rowsOf(text: string, separator: string): Generator<[number, string[]]> {
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (index > 0 && trimmed !== '') yield [index + 1, trimmed.split(separator)];
  }
}

/** Comma-separated rows; a value in quotes may hold commas. */
function csvRows(text: string): string[][] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'),
      ),
    );
}

function listOf(text: string): number[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(Number);
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
