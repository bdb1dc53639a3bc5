import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nameMatcher, wordsOf, type NamedLearner } from './match-names.js';

const learner = (learnerId: string, name: string, more: Partial<NamedLearner> = {}): NamedLearner => ({
  learnerId,
  name,
  externalId: null,
  email: null,
  ...more,
});

const roster = [
  learner('anna', 'Anna Müller', { externalId: 'S-1001', email: 'amueller@school.test' }),
  learner('anna-maria', 'Anna Maria Müller', { externalId: 'S-1002', email: 'am@school.test' }),
  learner('ben', 'Ben Özdemir', { externalId: '7', email: 'boezdemir@school.test' }),
  learner('jing', '陈静', { externalId: 'S-1004' }),
  learner('soren', 'Søren Ångström'),
  learner('fay', 'Fay O’Neil'),
];

describe('names in paths', () => {
  const whose = (path: string): [string, string] | null => {
    const match = nameMatcher(roster)(path);
    return match && [match.learnerId, match.reason];
  };

  it.each([
    ['Anna Müller.png', 'anna', 'name'],
    ['MUELLER_anna (2).JPG', 'anna', 'name'],
    ['muller-anna.png', 'anna', 'name'],
    ['annamueller.png', 'anna', 'name'],
    ['Mu\u0308ller, Anna.png', 'anna', 'name'],
    ['Anna Maria Müller.png', 'anna-maria', 'name'],
    ['Klasse 7b/Ben Ozdemir/scan 1.png', 'ben', 'name'],
    ['BEN OEZDEMIR.png', 'ben', 'name'],
    ['scan boezdemir.png', 'ben', 'user-name'],
    ['2026-11-27 s 1001 page 1.png', 'anna', 'external-id'],
    ['S-1002_Anna Müller.png', 'anna-maria', 'external-id'],
    ['7.png', 'ben', 'external-id'],
    ['陈静.png', 'jing', 'name'],
    ['七年级陈静作业.png', 'jing', 'name'],
    ['ＡＮＮＡ ＭÜＬＬＥＲ.png', 'anna', 'name'],
    ['soren angstrom.png', 'soren', 'name'],
    ["Fay O'Neil.png", 'fay', 'name'],
    ['Özdemir.png', 'ben', 'part-of-name'],
  ])('%s', (path, learnerId, reason) => {
    expect(whose(path)).toEqual([learnerId, reason]);
  });

  it.each([
    'Bob.png',
    'scan 7.png',
    'page 1.png',
    '.png',
    'Muller.png',
    'IMG_1001.jpg',
    'Anna Müller and Ben Özdemir.png',
  ])('tell nothing where they name nobody, or two alike: %s', (path) => expect(whose(path)).toBeNull());

  it('tell the same whatever order the class is in', () => {
    fc.assert(
      fc.property(
        fc.shuffledSubarray(roster, { minLength: roster.length }),
        fc.constantFrom('Anna Müller.png', 'Muller.png', 'S-1002.png', '陈静 2.png', 'Bob.png'),
        (shuffled, path) => {
          expect(nameMatcher(shuffled)(path)).toEqual(nameMatcher(roster)(path));
        },
      ),
    );
  });

  it('never say more than that somebody is named', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (path) => {
        const match = nameMatcher(roster)(path);
        expect(match === null || (match.confidence > 0 && match.confidence <= 1)).toBe(true);
      }),
    );
  });
});

describe('words of a text', () => {
  it('are the same however their letters are stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(wordsOf(text.normalize('NFD'))).toEqual(wordsOf(text.normalize('NFC')));
      }),
    );
  });
});
