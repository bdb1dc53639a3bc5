import { describe, expect, it } from 'vitest';
import { labelledPartsSchema } from './labelled-parts.js';
import { labelReader } from './read-label.js';

const names = [['Stroma'], ['Chromatid'], ['Chromatin'], ['Golgi apparatus', 'Golgi body'], ['DNA'], ['Lysosome']];
const specification = labelledPartsSchema.parse({
  kind: 'labelled-parts',
  version: 1,
  image: { width: 900, height: 100 },
  tolerance: 0.02,
  parts: names.map(([label, ...synonyms], index) => ({
    id: `p${index}`,
    label,
    synonyms,
    polygons: [
      [
        [index * 100, 0],
        [index * 100 + 50, 0],
        [index * 100, 50],
      ],
    ],
    points: 1,
    skill: 'cell-structure',
    hints: { orient: 'Look.', point: 'There.', show: 'This.' },
  })),
  confusable: [
    ['stroma', 'stoma'],
    ['lysosome', 'liposome'],
  ],
});
const read = labelReader(specification);
const parts = (label: string): Record<string, string> =>
  Object.fromEntries([...read(label).parts].map(([part, how]) => [names[part]![0]!, how]));

describe('a label', () => {
  it('is a term as written, in other words, or in the plural', () => {
    expect(parts(' STROMA')).toEqual({ Stroma: 'exact' });
    expect(parts('golgi bodies')).toEqual({ 'Golgi apparatus': 'exact' });
    expect(parts('stromata')).toEqual({ Stroma: 'exact' });
  });
  it('is a misspelling of the nearest term within its allowance', () => {
    expect(parts('golgi aparatus')).toEqual({ 'Golgi apparatus': 'misspelt' });
    expect(parts('lysozome')).toEqual({ Lysosome: 'misspelt' });
    expect(parts('lysozomme')).toEqual({});
    expect(parts('DNS')).toEqual({});
  });
  it('may misspell two terms alike', () => {
    expect(parts('chromatix')).toEqual({ Chromatid: 'misspelt', Chromatin: 'misspelt' });
    expect(parts('chromatid')).toEqual({ Chromatid: 'exact' });
  });
  it('misspells nothing when it is, or as nearly is, a term that names no part', () => {
    expect(parts('stoma')).toEqual({});
    expect(parts('stomma')).toEqual({});
    expect(parts('liposomes')).toEqual({});
    expect(['stoma', 'stomma', 'liposomes', 'quagmire'].map((label) => read(label).known)).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
  it('is nothing when empty', () => {
    expect(read(' … ')).toEqual({ folded: '', parts: new Map(), known: false });
  });
});
