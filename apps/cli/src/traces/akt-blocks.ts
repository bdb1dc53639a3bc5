/** A file that is not of the format; the message names the line. */
export class AktFormatError extends Error {
  override readonly name = 'AktFormatError';
}

/** What one learner did: the lists between the line about her and the answers, and the answers, all of one length. */
export interface AktBlock {
  /** Two lists, items and skills; or one, whatever the file tells apart. */
  readonly lists: readonly (readonly number[])[];
  readonly answers: readonly (0 | 1)[];
}

/**
 * Reads the format of the AKT data sets: blocks of four lines (two numbers of the learner; items; skills; 0 or 1 for
 * each answer), or of three (the number of answers; items or skills; 0 or 1).
 */
export function parseAktBlocks(text: string): AktBlock[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const height = lines.length > 0 && wholeNumbers(lines[0]!, 1).length > 1 ? 4 : 3;
  const middle = height === 4 ? 'items, skills' : 'items or skills';
  const refuse = (line: number): never => {
    throw new AktFormatError(
      `line ${line}: expected blocks of ${height} lines: the learner, ${middle}, 0 or 1; the lists of one length.`,
    );
  };
  const rest = lines.length % height;
  if (lines.length === 0 || rest !== 0) refuse(lines.length - rest + 1);
  const blocks: AktBlock[] = [];
  for (let start = 0; start < lines.length; start += height) {
    const rows = lines.slice(start + 1, start + height).map((line, index) => wholeNumbers(line, start + index + 2));
    const [lists, answers] = [rows.slice(0, -1), rows.at(-1)!];
    if (!answers.every(isAnswer) || lists.some((list) => list.length !== answers.length)) refuse(start + 1);
    blocks.push({ lists, answers: answers as (0 | 1)[] });
  }
  return blocks;
}

function isAnswer(value: number): value is 0 | 1 {
  return value === 0 || value === 1;
}

function wholeNumbers(text: string, line: number): number[] {
  const values = text
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (!values.every((value) => Number.isSafeInteger(value) && value >= 0)) {
    throw new AktFormatError(`line ${line}: Not numbers: ${text.slice(0, 60)}`);
  }
  return values;
}
