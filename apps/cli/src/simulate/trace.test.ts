import { describe, expect, it } from 'vitest';
import { mapTraces, parseTraces } from './trace.js';

const fourLines = `891,101
10,10,20
5,6,6
1,1,0
892,102
20,30
6,9,
0,1
`;

describe('traces of real learners', () => {
  it('are read from blocks of four lines; the rows of one item with several skills are one answer', () => {
    expect(parseTraces(fourLines)).toEqual([
      [
        { item: 10, skill: 5, correct: true },
        { item: 20, skill: 6, correct: false },
      ],
      [
        { item: 20, skill: 6, correct: false },
        { item: 30, skill: 9, correct: true },
      ],
    ]);
  });

  it('are read from blocks of three lines, without skills', () => {
    expect(parseTraces('3\n1,2,2\n0,1,1\n')).toEqual([
      [
        { item: 1, skill: null, correct: false },
        { item: 2, skill: null, correct: true },
        { item: 2, skill: null, correct: true },
      ],
    ]);
  });

  it('are refused with the line where they go wrong', () => {
    expect(() => parseTraces('891,101\n1,2\n5,6\n1\n')).toThrow(/line 1/);
    expect(() => parseTraces('1,2,3\n')).toThrow(/blocks of 4 lines: the learner, items, skills, 0 or 1/);
    expect(() => parseTraces('2,1\nx,y\n1,1\n1,1\n')).toThrow(/Not numbers/);
    expect(() => parseTraces('')).toThrow(/blocks/);
  });

  it('are mapped by the order of their skills, and the same item always to the same exercise', () => {
    const traces = parseTraces(fourLines);
    const exerciseOf = mapTraces(traces, [['a1', 'a2'], ['b1', 'b2', 'b3'], ['c1']]);
    const [first, second] = traces as [(typeof traces)[number], (typeof traces)[number]];
    expect(exerciseOf(first[0]!)).toMatch(/^a/);
    expect(exerciseOf(first[1]!)).toMatch(/^b/);
    expect(exerciseOf(second[0]!)).toBe(exerciseOf(first[1]!));
    expect(exerciseOf(second[1]!)).toBe('c1');
  });

  it('are dealt out by the order of their items where they have no skills', () => {
    const traces = parseTraces('4\n1,2,3,4\n0,1,1,0\n');
    const exerciseOf = mapTraces(traces, [['a'], ['b']]);
    expect(traces[0]!.map(exerciseOf)).toEqual(['a', 'a', 'b', 'b']);
  });
});
