import { describe, expect, it } from 'vitest';
import type { CriterionScore, ErrorCode } from '../model/grading-result.js';
import { errorCodes } from '../model/grading-result.js';
import type { Hints } from '../model/hints.js';
import { hintCatalogues } from '../words/catalogue.js';
import { hintFor, nextStep, type HintCircumstances } from './hint-for.js';

const hints: Hints = {
  orient: 'Look inside.',
  point: 'The dark disc.',
  show: 'This is the nucleus.',
  translations: { de: { orient: 'Sieh hinein.', point: 'Die dunkle Scheibe.', show: 'Das ist der Zellkern.' } },
};
const swapped: Pick<CriterionScore, 'error' | 'hint'> = {
  error: 'swapped',
  hint: { key: 'swap', parameters: { label: 'ileum', other: 'ilium', message: 'The ilium is a bone.' } },
};
const told = (
  step: number,
  more: Partial<HintCircumstances> = {},
  criterion = swapped,
  from: Hints = hints,
): string | null => hintFor(criterion, from, { step, languages: ['en'], writtenIn: 'en', ...more });

describe('a hint', () => {
  it('says what kind of mistake it is, then what was found in the teacher’s words, then the answer', () => {
    expect([1, 2, 3, 4].map((step) => told(step))).toEqual([
      'Two of your labels have changed places. Look inside.',
      '“ileum” and “ilium” have changed places. The ilium is a bone. The dark disc.',
      'This is the nucleus.',
      'This is the nucleus.',
    ]);
    expect(told(1, {}, { error: null, hint: null })).toBeNull();
  });

  it('gives nothing away before the last step, where the teacher says so', () => {
    const last = { ...hints, answerLast: true };
    expect(told(1, {}, swapped, last)).toBe('Two of your labels have changed places. Look inside.');
    expect(told(2, {}, swapped, last)).toBe('Two of your labels have changed places. The dark disc.');
    expect(told(3, {}, swapped, last)).toBe('This is the nucleus.');
  });

  it('speaks one language: the learner’s where the teacher wrote in it, else the teacher’s', () => {
    expect(told(1, { languages: ['de-AT', 'en'] })).toBe('Zwei deiner Beschriftungen sind vertauscht. Sieh hinein.');
    expect(told(2, { languages: ['de'] })).toBe('„ileum“ und „ilium“ sind vertauscht. Die dunkle Scheibe.');
    expect(told(1, { languages: ['zh-CN'] })).toBe('Two of your labels have changed places. Look inside.');
    expect(told(1, { languages: ['zh-CN'], writtenIn: 'zh-CN' })).toBe('你的两个标注互换了位置。Look inside.');
    expect(told(1, { languages: ['mi'], writtenIn: 'mi' })).toBe('Look inside.');
  });

  it.each(Object.keys(hintCatalogues))('has a sentence for every mistake in %s', (language) => {
    const spoken = (error: ErrorCode): string =>
      hintFor(
        { error, hint: null },
        { orient: 'X', point: 'X', show: 'X' },
        { step: 1, languages: [], writtenIn: language },
      )!;
    for (const error of errorCodes) expect(spoken(error)).toMatch(/^[^X]{4,}[.。] ?X$/);
    expect(new Set(errorCodes.map(spoken)).size).toBe(errorCodes.length);
  });
});

describe('the step that comes next', () => {
  it('is the one after the last; on new work, after what she was told before, but not the answer at once', () => {
    expect([0, 1, 2, 3].map((given) => nextStep(given, 0))).toEqual([1, 2, 3, null]);
    expect([0, 1, 2, 3].map((before) => nextStep(0, before))).toEqual([1, 2, 2, 2]);
    expect(nextStep(1, 3)).toBe(2);
  });
});
