import { describe, expect, it } from 'vitest';
import { DatasetError, parseAkt, parseGervet, parseItemSkills, parsePykt } from './datasets.js';

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

  it.each([
    ['an answer that is not 0 or 1', () => parseGervet('h\n7\t3\t0\t2\t2\n', 'a.csv', null), 'a.csv, line 2'],
    ['lists of different lengths', () => parseAkt('2\n4,5\n1\n', 'b.csv'), 'b.csv, line 1'],
    ['a block that is cut off', () => parseAkt('2\n4,5\n', 'c.csv'), 'c.csv, line 1'],
    ['a header without the columns', () => parsePykt('a,b\n1,2\n', 'd.csv'), 'd.csv, line 1'],
    ['skills that are no numbers', () => parseItemSkills('h\n3,x\n', 'e.csv'), 'e.csv, line 2'],
  ])('says where a file has %s', (_, parse, place) => {
    expect(parse).toThrow(DatasetError);
    expect(parse).toThrow(place);
  });
});
