import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { EngagementLabel } from '../model/behaviour.js';
import { leastGroup, periodMs, periodOf, summariseClass, type PeriodCount } from './summarise-class.js';

const labels: readonly EngagementLabel[] = ['engaged', 'confused', 'away', 'unknown'];

describe('summariseClass', () => {
  it('tells shares in tenths, the most first', () => {
    const counts = [
      { at: 0, label: 'confused', learners: 7 },
      { at: 0, label: 'engaged', learners: 14 },
      { at: periodMs, label: 'engaged', learners: 5 },
    ] as const;
    expect(summariseClass(counts)).toEqual([
      {
        at: 0,
        learners: 21,
        shares: [
          { label: 'engaged', share: 0.7 },
          { label: 'confused', share: 0.3 },
        ],
      },
      { at: periodMs, learners: 5, shares: [{ label: 'engaged', share: 1 }] },
    ]);
  });

  it('tells nothing of a group that is too small, whatever it does', () => {
    const count = fc.record({
      at: fc.integer({ min: 0, max: 5 }).map((period) => period * periodMs),
      label: fc.constantFrom(...labels),
      learners: fc.integer({ min: 1, max: 6 }),
    });
    const counts = fc.uniqueArray(count, { selector: ({ at, label }) => `${at}/${label}` });
    fc.assert(
      fc.property(counts, (all: PeriodCount[]) => {
        for (const { at, learners, shares } of summariseClass(all)) {
          const present = all.filter((row) => row.at === at).reduce((sum, row) => sum + row.learners, 0);
          expect(learners).toBe(present < leastGroup ? null : present);
          if (learners === null) expect(shares).toEqual([]);
          expect(shares.every(({ share }) => Math.abs(share * 10 - Math.round(share * 10)) < 1e-9)).toBe(true);
        }
      }),
    );
  });

  it('knows in which period a moment lies', () => {
    expect(periodOf(periodMs + 1)).toBe(periodMs);
    expect(periodOf(periodMs)).toBe(periodMs);
  });
});
