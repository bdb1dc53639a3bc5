import { describe, expect, it } from 'vitest';
import { emptyMastery, parseMasteryState } from './mastery-state.js';

const state = {
  version: 1,
  global: 0.4,
  responses: 3,
  skills: { membrane: { ability: -1, responses: 3, correct: 2 } },
};

describe('reading a stored state', () => {
  it('takes what was written', () => {
    expect(parseMasteryState(JSON.parse(JSON.stringify(state)))).toEqual(state);
    expect(parseMasteryState(JSON.parse(JSON.stringify(emptyMastery())))).toEqual(emptyMastery());
    const leading = { ...state, skills: { membrane: { ...state.skills.membrane, lead: 1 } } };
    expect(parseMasteryState(JSON.parse(JSON.stringify(leading)))).toEqual(leading);
  });

  it.each([
    ['nothing', null, 'not an object'],
    ['a list', [], 'not an object'],
    ['another version', { ...state, version: 2 }, 'version'],
    ['a number that JSON cannot hold', { ...state, global: null }, 'global'],
    [
      'an infinite ability',
      { ...state, skills: { membrane: { ability: Infinity, responses: 1, correct: 1 } } },
      'ability',
    ],
    ['a negative count', { ...state, responses: -1 }, 'responses'],
    ['half a response', { ...state, responses: 0.5 }, 'responses'],
    ['no skills', { version: 1, global: 0, responses: 0 }, 'skills'],
    ['a skill that is a number', { ...state, skills: { membrane: 1 } }, 'membrane'],
    [
      'more right answers than answers',
      { ...state, skills: { membrane: { ability: 0, responses: 1, correct: 2 } } },
      'more right',
    ],
    [
      'a negative lead',
      { ...state, skills: { membrane: { ability: 0, responses: 1, correct: 0, lead: -2 } } },
      'the lead in membrane',
    ],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseMasteryState(json)).toThrow(message);
  });
});
