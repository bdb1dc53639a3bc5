import { describe, expect, it } from 'vitest';
import { extendedTo, whyClosed } from './assignment-window.js';

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

describe('an extension', () => {
  it.each([
    ['makes it due later', { dueAt: at(-1) }, at(1), true],
    ['ends as well', { dueAt: at(-2) }, at(-1), false],
    ['gives the very millisecond in which it ends', { dueAt: at(-1) }, at(0), true],
    ['never makes it due earlier', { dueAt: at(1) }, at(-1), true],
    ['opens nothing', { opensAt: at(1), dueAt: at(2) }, at(3), false],
    ['takes no work of what is closed', { closedAt: at(-1), dueAt: at(-1) }, at(1), false],
    ['means nothing where nothing is due', {}, at(-1), true],
    ['may not be there', { dueAt: at(-1) }, null, false],
  ])('%s', (_, dates, granted, open) => {
    expect(whyClosed(extendedTo({ ...always, ...dates }, granted), noon) === null).toBe(open);
  });
});
