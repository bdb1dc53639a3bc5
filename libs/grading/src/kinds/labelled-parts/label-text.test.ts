import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charactersOf, foldLabel, formsOf, slipsAllowed, slipsBetween } from './label-text.js';

const slips = (a: string, b: string, most: number): number | null =>
  slipsBetween(charactersOf(a), charactersOf(b), most);

describe('folding', () => {
  it.each([
    ['  The  Golgi–Apparatus ', 'golgi apparatus'],
    ['ＮＵＣＬＥＵＳ', 'nucleus'],
    ["Cell's wall", 'cells wall'],
    ['Schwann’s cell', 'schwanns cell'],
    ['a', 'a'],
    ['ﬁbre', 'fibre'],
    ['nu\u00adcle\u200bus', 'nucleus'],
    ['cafe\u0301', 'café'],
    ['细胞 膜', '细胞膜'],
    ['DNA 聚合酶', 'dna聚合酶'],
    ['細胞　核', '細胞核'],
    ['เยื่อ หุ้ม เซลล์', 'เยื่อหุ้มเซลล์'],
    ['клеточная  мембрана', 'клеточная мембрана'],
    ['?!', ''],
  ])('makes %j into %j', (label, folded) => {
    expect(foldLabel(label)).toBe(folded);
  });
  it('is done after once', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (label) => {
        const folded = foldLabel(label);
        // an article that a first folding uncovers is the one thing that a second would take
        fc.pre(!/^(?:the|an|a) /.test(folded));
        expect(foldLabel(folded)).toBe(folded);
      }),
    );
  });
});

describe('plurals', () => {
  it.each([
    ['ribosomes', 'ribosome'],
    ['cell membranes', 'cell membrane'],
    ['mitochondria', 'mitochondrion'],
    ['nuclei', 'nucleus'],
    ['bacteria', 'bacterium'],
    ['cilia', 'cilium'],
    ['lamellae', 'lamella'],
    ['cortices', 'cortex'],
    ['matrices', 'matrix'],
    ['capillaries', 'capillary'],
    ['axes', 'axis'],
    ['branches', 'branch'],
    ['stomata', 'stoma'],
  ])('%s may be the plural of %s', (plural, singular) => {
    expect(formsOf(plural)).toContain(singular);
  });
  it.each(['nucleus', 'axis', 'moss', 'rna', 'gas', '细胞核'])('%s is no plural', (word) => {
    expect(formsOf(word)).toEqual([word]);
  });
});

describe('slips', () => {
  it('are few, fewer in short terms, and none in short terms of scripts with a word a character', () => {
    expect(['dna', 'cell', 'nucleus', 'mitochondrion', '细胞膜', '光合作用系统'].map(slipsAllowed)).toEqual([
      0, 1, 1, 2, 0, 1,
    ]);
  });
  it.each([
    ['nucleus', 'nucleus', 0],
    ['nuclues', 'nucleus', 1],
    ['nuclus', 'nucleus', 1],
    ['nuccleus', 'nucleus', 1],
    ['mitocondrian', 'mitochondrion', 2],
    ['ca', 'abc', 3],
    ['𝛼𝛽𝛾', '𝛼𝛾𝛽', 1],
    ['', 'abc', 3],
  ])('between %s and %s are %i', (a, b, count) => {
    expect(slips(a, b, 5)).toBe(count);
    expect(slips(b, a, count)).toBe(count);
    if (count > 0) expect(slips(a, b, count - 1)).toBeNull();
  });
  it('are what the definition says', () => {
    const plain = (a: string, b: string): number => {
      const step = (i: number, j: number): number => {
        if (i === 0 || j === 0) return i + j;
        let least = Math.min(
          step(i - 1, j) + 1,
          step(i, j - 1) + 1,
          step(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1),
        );
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
          least = Math.min(least, step(i - 2, j - 2) + 1);
        return least;
      };
      return step(a.length, b.length);
    };
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
    fc.assert(
      fc.property(word, word, fc.nat(6), (a, b, most) => {
        const count = plain(a, b);
        expect(slips(a, b, most)).toBe(count <= most ? count : null);
      }),
    );
  });
});
