import { describe, expect, it } from 'vitest';
import { dayIn, endOfDay, readDay, writtenDay } from './calendar.js';

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

describe('the end of a day', () => {
  it.each([
    ['UTC', '2026-03-29', '2026-03-29T23:59:59.999Z'],
    ['Europe/Berlin', '2026-01-15', '2026-01-15T22:59:59.999Z'],
    ['Europe/Berlin', '2026-07-15', '2026-07-15T21:59:59.999Z'],
    // The day of 23 hours and the day of 25.
    ['Europe/Berlin', '2026-03-28', '2026-03-28T22:59:59.999Z'],
    ['Europe/Berlin', '2026-03-29', '2026-03-29T21:59:59.999Z'],
    ['Europe/Berlin', '2026-10-24', '2026-10-24T21:59:59.999Z'],
    ['Europe/Berlin', '2026-10-25', '2026-10-25T22:59:59.999Z'],
    ['America/New_York', '2026-03-08', '2026-03-09T03:59:59.999Z'],
    ['America/New_York', '2026-11-01', '2026-11-02T04:59:59.999Z'],
    ['Asia/Kathmandu', '2026-05-01', '2026-05-01T18:14:59.999Z'],
    ['Pacific/Kiritimati', '2026-01-02', '2026-01-02T09:59:59.999Z'],
    ['Pacific/Pago_Pago', '2026-01-02', '2026-01-03T10:59:59.999Z'],
    ['Australia/Lord_Howe', '2026-04-05', '2026-04-05T13:29:59.999Z'],
    // Clocks that change at midnight: the hour from 0 to 1 is left out, or that from 23 to 24 comes twice.
    ['America/Sao_Paulo', '2018-11-03', '2018-11-04T02:59:59.999Z'],
    ['America/Sao_Paulo', '2018-02-17', '2018-02-18T02:59:59.999Z'],
    // One minute after midnight it was again yesterday, and it ended a second time.
    ['America/St_Johns', '2010-11-06', '2010-11-07T03:29:59.999Z'],
    // Samoa left out the 30th of December.
    ['Pacific/Apia', '2011-12-29', '2011-12-30T09:59:59.999Z'],
    ['Pacific/Apia', '2011-12-30', '2011-12-30T09:59:59.999Z'],
    ['Pacific/Apia', '2011-12-31', '2011-12-31T09:59:59.999Z'],
  ])('in %s of %s is %s', (zone, day, end) => {
    expect(new Date(endOfDay(zone, readDay(day))).toISOString()).toBe(end);
  });

  it('is the last time on that day, every day of some years and in zones of all kinds', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Africa/Casablanca',
      'Africa/Cairo',
      'Asia/Gaza',
      'Asia/Beirut',
    ];
    for (const zone of [...zones, 'America/Havana', 'Pacific/Chatham', 'Antarctica/Troll']) {
      for (let day = readDay('2025-12-30'); day < readDay('2028-01-02'); day++) {
        const end = endOfDay(zone, day);
        expect(dayIn(zone, end), `${zone} ${writtenDay(day)}`).toBe(day);
        expect(dayIn(zone, end + 1), `${zone} ${writtenDay(day)}`).toBe(day + 1);
      }
    }
  });

  it('throws for a zone that there is not', () => {
    expect(() => endOfDay('Mars/Olympus', 0)).toThrow(RangeError);
  });
});

describe('a written day', () => {
  it('is read as it was written', () => {
    for (const day of [0, 20_541, 20_542, 2_932_896]) expect(readDay(writtenDay(day))).toBe(day);
    expect(readDay('2026-02-30x')).toBeNaN();
  });
});
