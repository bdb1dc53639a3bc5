import { expect, it } from 'vitest';
import { normOf } from './item-norm.js';

it('is what the author of an item expects', () => {
  expect(normOf({ minutes: 1, expectedSuccess: 0.75 })).toEqual({ medianMs: 60_000, spread: 0.6, successRate: 0.75 });
});

it('stays usable for authors who expect the impossible', () => {
  expect(normOf({ minutes: 0, expectedSuccess: 1 })).toEqual({ medianMs: 1_000, spread: 0.6, successRate: 0.98 });
});
