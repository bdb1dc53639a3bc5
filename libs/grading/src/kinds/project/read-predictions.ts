import { parse } from 'csv-parse/sync';
import { refuseInput, type Failure, type FailureIssue } from '#libs/kernel';

/** What is expected of a table of predictions. */
export interface ExpectedPredictions {
  readonly labels: readonly string[];
  /** Names of the test images. */
  readonly examples: readonly string[];
}

/** Issues that are told, one less than a refusal can hold; the rest is counted. */
const told = 19;

/**
 * Reads a table of predictions: comma-separated values (RFC 4180) in UTF-8 with the columns `example` and `label`, one row for
 * each test image in any order.
 * @returns the label of each image, in the order of `examples`; the failure names row and column of what is wrong
 */
export function readPredictions(bytes: Uint8Array, expected: ExpectedPredictions): string[] | Failure {
  const rows = readRows(bytes);
  if (typeof rows === 'string') return refuseInput([{ path: 'predictions', message: rows }]);
  const [header = [], ...body] = rows;
  const [example, label] = ['example', 'label'].map((name) => header.findIndex((cell) => cell.toLowerCase() === name));
  if (example === -1 || label === -1) {
    return refuseInput([{ path: 'row 1', message: 'must name the columns: example,label' }]);
  }
  const known = new Set(expected.labels);
  const names = shown(expected.labels.join(', '), 300);
  const problems = new Problems();
  const missing = new Set(expected.examples);
  const found = new Map<string, string>();
  for (const [index, cells] of body.entries()) {
    const path = `row ${index + 2}`;
    const [name, given] = [cells[example!] ?? '', cells[label!] ?? ''];
    if (!missing.delete(name)) {
      problems.add(`${path}, example`, () =>
        found.has(name) ? `"${name}" stands here twice` : `"${shown(name)}" is no test image`,
      );
    }
    if (!known.has(given)) {
      problems.add(`${path}, label`, () =>
        given === '' ? 'has no label' : `"${shown(given)}" is no label; they are ${names}`,
      );
    }
    found.set(name, given);
  }
  for (const name of missing) problems.add('example', () => `there is no row for ${name}`);
  return problems.refusal() ?? expected.examples.map((name) => found.get(name)!);
}

/** What is wrong with a table: the first things in words, as many as a refusal can hold, and how many more there are. */
class Problems {
  private readonly issues: FailureIssue[] = [];
  private rest = 0;

  /** @param words made only where they are told */
  add(path: string, words: () => string): void {
    if (this.issues.length < told) this.issues.push({ path, message: words() });
    else this.rest++;
  }

  refusal(): Failure | null {
    if (this.issues.length === 0) return null;
    return refuseInput(
      this.rest === 0 ? this.issues : [...this.issues, { path: '', message: `and ${this.rest} more` }],
    );
  }
}

function readRows(bytes: Uint8Array): string[][] | string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return parse(text, {
      bom: true,
      trim: true,
      skip_empty_lines: true,
      relax_column_count: true,
      max_record_size: 10_000,
    });
  } catch (error) {
    return error instanceof TypeError ? 'is not text in UTF-8' : `is not CSV: ${(error as Error).message}`;
  }
}

function shown(text: string, most = 60): string {
  return text.length > most ? `${text.slice(0, most)}…` : text;
}
