import { describe, expect, it } from 'vitest';
import { archiveTimes, isForgettable, type ArchiveStanding } from './archive-retention.js';

const now = 1_800_000_000_000;
const standing = (more: Partial<ArchiveStanding>, age = 0): ArchiveStanding => ({
  isConsented: true,
  isNeeded: false,
  lastNeededAt: new Date(now - age),
  ...more,
});

describe('archives of frozen datasets', () => {
  it('are kept for thirty days after the last run that needed them', () => {
    expect(archiveTimes.kept).toBe(30 * 86_400_000);
    expect(isForgettable(standing({}, archiveTimes.kept), now)).toBe(false);
    expect(isForgettable(standing({}, archiveTimes.kept + 1), now)).toBe(true);
    expect(isForgettable(standing({ isNeeded: true }, 10 * archiveTimes.kept), now)).toBe(false);
  });

  it('go at once when somebody in them withdraws, whatever needs them', () => {
    expect(isForgettable(standing({ isConsented: false }), now)).toBe(true);
    expect(isForgettable(standing({ isConsented: false, isNeeded: true }), now)).toBe(true);
  });

  it('go after an hour where nobody knows whose works they hold', () => {
    expect(isForgettable(standing({ isConsented: null }, archiveTimes.unknown), now)).toBe(false);
    expect(isForgettable(standing({ isConsented: null }, archiveTimes.unknown + 1), now)).toBe(true);
    expect(isForgettable(standing({ isConsented: null, isNeeded: true }, archiveTimes.kept), now)).toBe(false);
  });
});
