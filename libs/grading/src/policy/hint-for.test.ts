import { expect, it } from 'vitest';
import { hintFor } from './hint-for.js';

const hints = { orient: 'Look inside.', point: 'The dark disc.', show: 'This is the nucleus.' };

it('orients, points, then shows, and goes on showing', () => {
  const steps = [1, 2, 3, 4].map((step) => hintFor({ error: 'missing' }, hints, step));
  expect(steps).toEqual([hints.orient, hints.point, hints.show, hints.show]);
  expect(hintFor({ error: 'swapped' }, hints, 0)).toBe(hints.orient);
});

it('says nothing about a part that lost nothing', () => {
  expect(hintFor({ error: null }, hints, 1)).toBeNull();
});
