import { expect, it } from 'vitest';
import { explainFailure } from './postgres-log.js';

const fatal = (words: string): string => `2026-01-05 08:00:00.000 UTC [4711] FATAL:  ${words}`;
const inUse = fatal('pre-existing shared memory block (key 1, ID 2) is still in use');

it('is told by what the server said last, not by those of a killed one who end at last', () => {
  const orphan = fatal('terminating connection due to unexpected postmaster exit');
  for (const lines of [
    [inUse, orphan],
    [orphan, inUse],
  ])
    expect(explainFailure(lines, '/data', 'open')).toMatchObject({ fault: 'still-in-use' });
  expect(explainFailure([orphan], '/data', 'open').message).toBe('PostgreSQL could not open /data: it said nothing.');
});

it('names what the person can do', () => {
  const fault = (words: string): string => explainFailure([fatal(words)], '/data', 'open').fault;
  expect(fault('could not write file "x": No space left on device')).toBe('disk-full');
  expect(fault('could not open file "postgresql.conf": Permission denied')).toBe('not-writable');
  expect(fault('could not find a valid checkpoint record')).toBe('broken-folder');
  expect(fault('out of cards')).toBe('will-not-start');
});
