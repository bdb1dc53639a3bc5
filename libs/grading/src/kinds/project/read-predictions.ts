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
  const issues: FailureIssue[] = [];
  const wanted = new Set(expected.examples);
  const labels = new Set(expected.labels);
  const found = new Map<string, string>();
  for (const [index, cells] of body.entries()) {
    const path = `row ${index + 2}`;
    const [name, given] = [cells[example!] ?? '', cells[label!] ?? ''];
    if (!wanted.has(name)) issues.push({ path: `${path}, example`, message: `"${shown(name)}" is no test image` });
    else if (found.has(name)) issues.push({ path: `${path}, example`, message: `"${name}" stands here twice` });
    if (!labels.has(given)) {
      const message =
        given === '' ? 'has no label' : `"${shown(given)}" is no label; they are ${expected.labels.join(', ')}`;
      issues.push({ path: `${path}, label`, message });
    }
    found.set(name, given);
  }
  for (const name of expected.examples) {
    if (!found.has(name)) issues.push({ path: 'example', message: `there is no row for ${name}` });
  }
  if (issues.length === 0) return expected.examples.map((name) => found.get(name)!);
  const rest = issues.length - told;
  if (rest <= 0) return refuseInput(issues);
  return refuseInput([...issues.slice(0, told), { path: '', message: `and ${rest} more` }]);
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

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
