import { describe, expect, it } from 'vitest';
import { DatasetError, parseAkt, parseGervet, parseItemSkills, parsePykt } from './datasets.js';

/** A file whose line 4, after a good row and an empty line, has these lists. */
const pykt = (concepts: string, responses: string) =>
  `fold,uid,concepts,responses\n0,5,"3","1"\n\n0,6,${concepts},${responses}\n`;

describe('reading data sets', () => {
  it('reads the rows of Gervet et al. with the skills of their items', () => {
    const items = parseItemSkills('item_id,skill_ids\n3,9 2\n4,1\n', 'items.csv');
    const text = 'user_id\titem_id\ttimestamp\tcorrect\tskill_id\n7\t3\t0\t1\t2\n7\t4\t0\t0\t1\n8\t4\t0\t1\t1\n';
    expect(parseGervet(text, 'train.csv', items)).toEqual([
      [
        { item: 3, skills: [2, 9], right: 1 },
        { item: 4, skills: [1], right: 0 },
      ],
      [{ item: 4, skills: [1], right: 1 }],
    ]);
    expect(parseGervet(text, 'train.csv', null)[0]![0]).toEqual({ item: 3, skills: [2], right: 1 });
  });

  it('reads blocks of four lines, with items, and of three, without', () => {
    expect(parseAkt('2,71\n10,11\n4,5,\n1,0\n1,72\n10\n4\n0\n', 'four.csv')).toEqual([
      [
        { item: 10, skills: [4], right: 1 },
        { item: 11, skills: [5], right: 0 },
      ],
      [{ item: 10, skills: [4], right: 0 }],
    ]);
    expect(parseAkt('2\n4,5,\n1,0,\n', 'three.csv')).toEqual([
      [
        { item: null, skills: [4], right: 1 },
        { item: null, skills: [5], right: 0 },
      ],
    ]);
  });

  it('reads lists in quotes, without their padding', () => {
    const text = 'fold,uid,concepts,responses\n0,5,"3,4,-1","1,0,-1"\n-1,6,"3","0"\n';
    expect(parsePykt(text, 'test.csv')).toEqual([
      [
        { item: null, skills: [3], right: 1 },
        { item: null, skills: [4], right: 0 },
      ],
      [{ item: null, skills: [3], right: 0 }],
    ]);
  });

  it('reads several skills of a question, questions and times where there are any', () => {
    const header = 'fold,uid,questions,concepts,responses,timestamps';
    const text = `${header}\n0,5,"8,9,-1","4_3,1,-1","1,0,-1","1000,61000,-1"\n`;
    expect(parsePykt(text, 'test.csv')).toEqual([
      [
        { item: 8, skills: [3, 4], right: 1, at: 1000 },
        { item: 9, skills: [1], right: 0, at: 61_000 },
      ],
    ]);
  });

  it('reads lists of one without quotes, and rows of padding alone as nobody', () => {
    expect(parsePykt('fold,uid,concepts,responses\n0,5,7,1\n0,6,"-1,-1","-1,-1"\n', 'test.csv')).toEqual([
      [{ item: null, skills: [7], right: 1 }],
      [],
    ]);
  });

  it('takes timestamps that are all 0 for no clock', () => {
    const rows = (...times: number[]) => `h\n${times.map((time) => `7\t3\t${time}\t1\t2`).join('\n')}\n`;
    const at = (text: string) => parseGervet(text, 'train.csv', null)[0]!.map((response) => response.at);
    expect(at(rows(0, 0))).toEqual([undefined, undefined]);
    expect(at(rows(0, 90))).toEqual([0, 90_000]);
  });

  it.each([
    ['an answer that is not 0 or 1', () => parseGervet('h\n7\t3\t0\t2\t2\n', 'a.csv', null), 'a.csv, line 2'],
    ['lists of different lengths', () => parseAkt('2\n4,5\n1\n', 'b.csv'), 'b.csv, line 1'],
    ['a block that is cut off', () => parseAkt('2\n4,5\n', 'c.csv'), 'c.csv, line 1'],
    ['a header without the columns', () => parsePykt('a,b\n1,2\n', 'd.csv'), 'd.csv, line 1'],
    ['an answer that is not 0 or 1', () => parsePykt(pykt('"3,4"', '"1,2"'), 'f.csv'), 'f.csv, line 4'],
    ['an answer without its skill', () => parsePykt(pykt('"3"', '"1,0"'), 'g.csv'), 'g.csv, line 4'],
    ['concepts that are no numbers', () => parsePykt(pykt('"3,x"', '"1,0"'), 'h.csv'), 'h.csv, line 4'],
    ['padding where the answers go on', () => parsePykt(pykt('"3,-1"', '"1,0"'), 'i.csv'), 'i.csv, line 4'],
    ['a row that ends early', () => parsePykt('fold,uid,concepts,responses\n0,5,"3,4"\n', 'j.csv'), 'j.csv, line 2'],
    ['a time that is none', () => parseGervet('h\n7\t3\tnoon\t1\t2\n', 'k.csv', null), 'k.csv, line 2'],
    ['skills that are no numbers', () => parseItemSkills('h\n3,x\n', 'e.csv'), 'e.csv, line 2'],
  ])('says where a file has %s', (_, parse, place) => {
    expect(parse).toThrow(DatasetError);
    expect(parse).toThrow(place);
  });
});
