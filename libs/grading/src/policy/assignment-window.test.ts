import { describe, expect, it } from 'vitest';
import { whyClosed } from './assignment-window.js';

const noon = Date.UTC(2026, 4, 1, 12);
const at = (offset: number): Date => new Date(noon + offset);
const always = { opensAt: null, dueAt: null, closedAt: null };

describe('the time in which an assignment takes work', () => {
  it.each([
    ['without dates', {}, true],
    ['from its opening on', { opensAt: at(0) }, true],
    ['not before its opening', { opensAt: at(1) }, false],
    ['up to its deadline', { dueAt: at(0) }, true],
    ['not after its deadline', { dueAt: at(-1) }, false],
    ['not once it is closed', { closedAt: at(0) }, false],
    ['not once it is closed, whatever the deadline', { closedAt: at(-1), dueAt: at(1) }, false],
    ['until it is closed', { closedAt: at(1) }, true],
  ])('%s', (_, dates, open) => {
    const refusal = whyClosed({ ...always, ...dates }, noon);
    expect(refusal === null).toBe(open);
    if (refusal !== null) expect(refusal.code).toBe('ASSIGNMENT_CLOSED');
  });
});
