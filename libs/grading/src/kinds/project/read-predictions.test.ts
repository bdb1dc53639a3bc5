import { describe, expect, it } from 'vitest';
import { isFailure } from '#libs/kernel';
import { readPredictions } from './read-predictions.js';

const expected = { labels: ['cell, red', 'platelet'], examples: ['a.png', 'b.png'] };
const read = (text: string) => readPredictions(new TextEncoder().encode(text), expected);
const issues = (text: string) => {
  const outcome = read(text);
  return isFailure(outcome) ? outcome.issues : outcome;
};

describe('a table of predictions', () => {
  it('is read as spreadsheets write it, in any order', () => {
    for (const text of [
      'example,label\na.png,"cell, red"\nb.png,platelet\n',
      '\uFEFFLabel,Example\r\nplatelet,b.png\r\n"cell, red", a.png\r\n\r\n',
      'note,example,label\n1,b.png,platelet\n2,a.png,"cell, red"',
    ]) {
      expect(read(text)).toEqual(['cell, red', 'platelet']);
    }
  });

  it('says which row is wrong, and how', () => {
    expect(issues('example,label\na.png,platelet\na.png,plate\nc.png,\n')).toEqual([
      { path: 'row 3, example', message: '"a.png" stands here twice' },
      { path: 'row 3, label', message: '"plate" is no label; they are cell, red, platelet' },
      { path: 'row 4, example', message: '"c.png" is no test image' },
      { path: 'row 4, label', message: 'has no label' },
      { path: 'example', message: 'there is no row for b.png' },
    ]);
    expect(issues('image,class\na.png,platelet')).toEqual([
      { path: 'row 1', message: 'must name the columns: example,label' },
    ]);
    expect(issues('')).toMatchObject([{ path: 'row 1' }]);
    expect(issues('example,label\na.png,"platelet\nb')).toMatchObject([
      { path: 'predictions', message: expect.stringContaining('is not CSV') },
    ]);
    expect(readPredictions(new Uint8Array([0xff, 0xfe, 0x41]), expected)).toMatchObject({
      issues: [{ path: 'predictions', message: 'is not text in UTF-8' }],
    });
  });

  it('takes no longer for a table that is wrong in every row', () => {
    const labels = Array.from({ length: 1_000 }, (_, index) => `label ${index}`.padEnd(200, 'x'));
    const rows = Array.from({ length: 100_000 }, (_, index) => `${index}.png,no label`);
    const table = new TextEncoder().encode(`example,label\n${rows.join('\n')}`);
    const outcome = readPredictions(table, { labels, examples: ['a.png'] });
    expect(isFailure(outcome) && outcome.issues).toHaveLength(20);
    expect(JSON.stringify(outcome).length).toBeLessThan(20_000);
  });

  it('names the first problems and counts the rest', () => {
    const rows = Array.from({ length: 100 }, (_, index) => `x${index}.png,platelet`);
    const found = issues(`example,label\n${rows.join('\n')}`);
    expect(found).toHaveLength(20);
    expect(found!.at(-1)).toEqual({ path: '', message: 'and 83 more' });
  });
});
