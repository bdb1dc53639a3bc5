import { describe, expect, it } from 'vitest';
import { emptyBehaviour } from './behaviour.js';
import { parseBehaviourState } from './parse-behaviour-state.js';

const answer = {
  activityId: 'a',
  correct: true,
  pace: 0,
  rapid: false,
  hints: 0,
  rushedHints: 0,
  successRate: 0.7,
};
const open = { activityId: 'a', shownAt: 1, hints: 0, rushedHints: 0, lastHintAt: null, askedForHelp: false };

describe('reading a stored state', () => {
  it('takes what was written', () => {
    const state = { ...emptyBehaviour(), answers: [answer], open, absent: { since: 2, leftPage: true }, lastAt: 2 };
    expect(parseBehaviourState(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it.each([
    ['nothing', null, 'not an object'],
    ['another version', { ...emptyBehaviour(), version: 0 }, 'version'],
    ['too long a memory', { ...emptyBehaviour(), answers: Array.from({ length: 11 }, () => answer) }, 'at most 10'],
    ['an answer without a pace', { ...emptyBehaviour(), answers: [{ ...answer, pace: null }] }, 'pace'],
    [
      'an answer that is neither right nor wrong',
      { ...emptyBehaviour(), answers: [{ ...answer, correct: 1 }] },
      'correct',
    ],
    ['an open activity without a name', { ...emptyBehaviour(), open: { ...open, activityId: 7 } }, 'open activity'],
    ['an open activity left out', { version: 1, answers: [], absent: null, absences: [], lastAt: 0 }, 'open activity'],
    ['an absence without an end', { ...emptyBehaviour(), absences: [{ from: 1 }] }, 'end of an absence'],
    ['no time', { ...emptyBehaviour(), lastAt: undefined }, 'last event'],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseBehaviourState(json)).toThrow(message);
  });
});
