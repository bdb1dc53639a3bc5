import { expect, it } from 'vitest';
import { rangeOf } from './send-file.js';

it('reads one range of a file, and takes anything else for all of it', () => {
  expect(rangeOf(undefined, 10)).toBe('all');
  expect(rangeOf('bytes=-5', 10)).toBe('all');
  expect(rangeOf('bytes=1-2,4-5', 10)).toBe('all');
  expect(rangeOf('bytes=0-', 10)).toEqual({ start: 0, end: 9 });
  expect(rangeOf('bytes=3-4', 10)).toEqual({ start: 3, end: 4 });
  expect(rangeOf('bytes=3-400', 10)).toEqual({ start: 3, end: 9 });
  expect(rangeOf('bytes=10-', 10)).toBe('none');
  expect(rangeOf('bytes=5-4', 10)).toBe('none');
});
