import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { DatasetError } from '../datasets.js';

/** One row of a table, which knows where it stands. */
export interface TableRow<Field extends string> {
  text(field: Field): string;
  number(field: Field): number;
  /** null where the file says that there is none: nothing, `NA` or `?`. */
  numberOrNull(field: Field): number | null;
  /** That a field is not what it should be. */
  wrong(field: Field, expected: string): DatasetError;
}

const missing = new Set(['', 'NA', '?']);

/**
 * Rows of a comma-separated file with a header, as `NAME.csv.gz` or `NAME.csv`. Throws a DatasetError that names the file, and
 * the line and the field where there is one.
 * @param names what the file may be called, without its ending
 * @param fields columns that it must have
 */
export async function readTable<Field extends string>(
  folder: string,
  names: readonly string[],
  fields: readonly Field[],
): Promise<TableRow<Field>[]> {
  const { file, text } = await readFirst(folder, names);
  const lines = text.split('\n');
  const header = valuesOf(lines[0] ?? '');
  const columns = fields.map((field) => header.indexOf(field));
  const lacking = fields.filter((_, at) => columns[at]! < 0);
  if (lacking.length > 0) {
    throw new DatasetError(`${file}, line 1: expected a header with the columns ${lacking.join(', ')}.`);
  }
  const columnOf = Object.fromEntries(fields.map((field, at) => [field, columns[at]!])) as Record<Field, number>;
  return lines.flatMap((line, index) => {
    if (index === 0 || line.trim() === '') return [];
    const values = valuesOf(line);
    const row = rowOf(file, index + 1, values, columnOf);
    if (values.length !== header.length) throw row.wrong(fields[0]!, `${header.length} values, not ${values.length}`);
    return [row];
  });
}

function rowOf<Field extends string>(
  file: string,
  line: number,
  values: readonly string[],
  columnOf: Readonly<Record<Field, number>>,
): TableRow<Field> {
  const valueOf = (field: Field): string => values[columnOf[field]] ?? '';
  const wrong = (field: Field, expected: string): DatasetError =>
    new DatasetError(`${file}, line ${line}, ${field}: expected ${expected}.`);
  const number = (field: Field): number => {
    const value = valueOf(field);
    if (value === '' || !Number.isFinite(Number(value))) throw wrong(field, 'a number');
    return Number(value);
  };
  return {
    text: (field) => {
      const value = valueOf(field);
      if (value === '') throw wrong(field, 'a value');
      return value;
    },
    number,
    numberOrNull: (field) => (missing.has(valueOf(field)) ? null : number(field)),
    wrong,
  };
}

async function readFirst(folder: string, names: readonly string[]): Promise<{ file: string; text: string }> {
  const files = names.flatMap((name) => [join(folder, `${name}.csv.gz`), join(folder, `${name}.csv`)]);
  for (const file of files) {
    const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
      throw new DatasetError(`${file} cannot be read.`);
    });
    if (bytes === null) continue;
    return { file, text: file.endsWith('.gz') ? unpack(file, bytes) : bytes.toString('utf8') };
  }
  throw new DatasetError(`${files[0]} cannot be read.`);
}

function unpack(file: string, bytes: Buffer): string {
  try {
    return gunzipSync(bytes).toString('utf8');
  } catch {
    throw new DatasetError(`${file} is not compressed by gzip, or cut off.`);
  }
}

/** Values of a line; one in quotes may hold commas. */
function valuesOf(line: string): string[] {
  if (!line.includes('"')) return line.split(',').map((value) => value.trim());
  return [...line.trim().matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
    (quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"')).trim(),
  );
}
