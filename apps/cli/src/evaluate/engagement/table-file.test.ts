import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTable } from './table-file.js';

describe('a table in a file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'attune-table-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read by its header, packed or not, under any of its names', async () => {
    await writeFile(join(folder, 'second.csv.gz'), gzipSync('"b","a"\r\n"x, y",1\r\n"z",NA\r\n'));
    const rows = await readTable(folder, ['first', 'second'], ['a', 'b']);
    expect(rows.map((row) => [row.numberOrNull('a'), row.text('b')])).toEqual([
      [1, 'x, y'],
      [null, 'z'],
    ]);
  });

  it.each([
    ['no-header', '', 'line 1: expected a header with the columns a, b.'],
    ['other-header', 'a,c\n1,2\n', 'line 1: expected a header with the columns b.'],
    ['cut-off', 'a,b\n1,2\n3\n', 'line 3, a: expected 2 values, not 1.'],
    ['no-number', 'a,b\n1,2\n\n1,two\n', 'line 4, b: expected a number.'],
    ['no-value', 'a,b\n1,\n', 'line 2, b: expected a number.'],
  ])('says where it is wrong: %s', async (name, text, place) => {
    await writeFile(join(folder, `${name}.csv`), text);
    const read = async () => (await readTable(folder, [name], ['a', 'b'])).map((row) => row.number('b'));
    await expect(read()).rejects.toThrow(`${join(folder, `${name}.csv`)}, ${place}`);
  });

  it('says what is not there, and what is not packed', async () => {
    await expect(readTable(folder, ['nothing'], ['a'])).rejects.toThrow(
      `${join(folder, 'nothing.csv.gz')} cannot be read.`,
    );
    await writeFile(join(folder, 'plain.csv.gz'), 'a\n1\n');
    await expect(readTable(folder, ['plain'], ['a'])).rejects.toThrow('plain.csv.gz is not compressed by gzip');
  });
});
