import { describe, expect, it } from 'vitest';
import { dayIn, writtenDay } from './calendar.js';

const at = (text: string): number => Date.parse(text);

describe('the day at a time', () => {
  it.each([
    ['UTC', '2026-03-29T23:59:59.999Z', '2026-03-29'],
    ['Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-30'],
    ['Europe/Berlin', '2026-03-28T22:59:59Z', '2026-03-28'],
    ['America/New_York', '2026-01-01T04:59:00Z', '2025-12-31'],
    ['Asia/Kathmandu', '2026-01-01T18:14:59Z', '2026-01-01'],
    ['Asia/Kathmandu', '2026-01-01T18:15:00Z', '2026-01-02'],
    ['Pacific/Kiritimati', '2026-01-01T10:00:00Z', '2026-01-02'],
  ])('in %s at %s is %s', (zone, time, day) => {
    expect(writtenDay(dayIn(zone, at(time)))).toBe(day);
  });

  it('follows the one before, through the hour that is left out and the one that comes twice', () => {
    for (const start of ['2026-03-28T12:00:00Z', '2026-10-24T12:00:00Z']) {
      const first = dayIn('Europe/Berlin', at(start));
      for (let hours = 0; hours < 72; hours++) {
        const day = dayIn('Europe/Berlin', at(start) + hours * 3_600_000);
        expect(day - first).toBeGreaterThanOrEqual(0);
        expect(day - first).toBeLessThanOrEqual(3);
      }
      expect(dayIn('Europe/Berlin', at(start) + 48 * 3_600_000) - first).toBe(2);
    }
  });

  it('throws for a zone that there is not', () => {
    expect(() => dayIn('Mars/Olympus', 0)).toThrow(RangeError);
  });
});
