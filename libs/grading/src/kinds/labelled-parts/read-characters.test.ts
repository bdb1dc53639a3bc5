import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SeenCharacter } from '../../sheet.ports.js';
import { characterReader } from './read-characters.js';

const part = (label: string, ...synonyms: string[]) => ({ label, synonyms });
const vocabulary = {
  parts: [part('nucleus', 'cell nucleus'), part('nucleolus'), part('cell wall'), part('mitochondrion'), part('ileum')],
  confusable: [['ileum', 'ilium'] as [string, string]],
};
const read = characterReader(vocabulary);

/** What is seen of a text: every character plainly, but for some, of which it is said what they may be. */
function seen(text: string, unclear: Readonly<Record<number, Readonly<Record<string, number>>>> = {}): SeenCharacter[] {
  return [...text].map((character, at) =>
    Object.entries(unclear[at] ?? { [character]: 0.95 }).map(([other, share]) => ({ text: other, share })),
  );
}

describe('reading characters against terms', () => {
  const terms = ['nucleus', 'cell nucleus', 'nucleolus', 'cell wall', 'mitochondrion', 'ileum', 'ilium'];

  it('finds every term that is plainly to be seen, in capitals or not, with or without its space', () => {
    fc.assert(
      fc.property(fc.constantFrom(...terms), fc.boolean(), fc.boolean(), (term, isLoud, isTight) => {
        const written = isTight ? term.replace(' ', '') : term;
        const { text, confidence } = read(seen(isLoud ? written.toUpperCase() : written));
        expect(text).toBe(term);
        expect(confidence).toBeGreaterThan(0.85);
      }),
    );
  });

  it('does not hold a letter that was misread against who wrote it', () => {
    expect(read(seen('nucleas', { 5: { a: 0.6, u: 0.3 } }))).toMatchObject({ text: 'nucleus' });
    expect(read(seen('nucleas', { 5: { a: 0.6, u: 0.3 } })).confidence).toBeGreaterThan(0.8);
    // An m that was seen as two letters.
    expect(read(seen('rnitochondrion'))).toMatchObject({ text: 'mitochondrion' });
  });

  it('takes a misspelling that is plainly to be seen for one, and leaves open what may be either', () => {
    expect(read(seen('nuclues'))).toMatchObject({ text: 'nuclues', confidence: expect.any(Number) });
    expect(read(seen('nuclues')).confidence).toBeGreaterThan(0.8);
    expect(read(seen('mitochondrikon')).confidence).toBeGreaterThan(0.8);
    // A single i that is one stroke less, or more, may as well have been misread.
    expect(read(seen('mitochondron')).confidence).toBeLessThan(0.8);
  });

  it('takes no term for a misspelling of another, and is not sure where two of them are as likely', () => {
    expect(read(seen('ilium'))).toMatchObject({ text: 'ilium' });
    const either = read(seen('ileum', { 2: { e: 0.45, i: 0.45 } }));
    expect(either.confidence).toBeLessThan(0.6);
    const rather = read(seen('ileum', { 2: { e: 0.9, i: 0.02 } }));
    expect(rather.text).toBe('ileum');
    expect(rather.confidence).toBeGreaterThan(0.9);
  });

  it('does not read what is scribbled, and reads another word only where it is clear', () => {
    expect(read([])).toEqual({ text: '', confidence: 0 });
    const scribble = [...'wmvnux'].map((text) => [
      { text, share: 0.3 },
      { text: 'e', share: 0.2 },
    ]);
    expect(read(scribble).confidence).toBeLessThan(0.3);
    expect(read(seen('ribosome')).text).toBe('ribosome');
    expect(read(seen('ribosome')).confidence).toBeGreaterThan(0.8);
  });

  it('tells terms apart that differ in one character of a script without spaces', () => {
    const readHan = characterReader({ parts: [part('细胞核'), part('细胞膜')], confusable: [] });
    expect(readHan(seen('细胞核'))).toMatchObject({ text: '细胞核' });
    expect(readHan(seen('细 胞 膜')).text).toBe('细胞膜');
    expect(readHan(seen('细胞核', { 2: { 核: 0.4, 膜: 0.4 } })).confidence).toBeLessThan(0.6);
  });

  it('gives the same whatever the order of what a character may be', () => {
    const choices = fc.array(
      fc.record({ text: fc.constantFrom(...'nuclesoti'), share: fc.double({ min: 0.01, max: 0.3, noNaN: true }) }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.array(choices, { minLength: 1, maxLength: 10 }), (characters) => {
        expect(read(characters.map((each) => [...each].reverse()))).toEqual(read(characters));
      }),
    );
  });
});
