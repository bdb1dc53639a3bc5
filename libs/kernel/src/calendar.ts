const millisecondsInDay = 86_400_000;
const millisecondsInMinute = 60_000;

interface Zone {
  readonly format: Intl.DateTimeFormat;
  /** The minute that was last asked for, and its day: days begin on whole minutes, and many ask at the same time. */
  minute: number;
  day: number;
}

const zones = new Map<string, Zone>();

/**
 * The calendar day at a time in a time zone, in days since 1970-01-01. Two times with the same number are on the same day
 * where the clock of the zone hangs, daylight saving included.
 * @param timeZone an IANA name; an unknown one throws a `RangeError`
 * @param at Unix milliseconds
 */
export function dayIn(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return Math.floor(at / millisecondsInDay);
  let zone = zones.get(timeZone);
  if (zone === undefined) {
    const format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    zone = { format, minute: NaN, day: NaN };
    zones.set(timeZone, zone);
  }
  const minute = Math.floor(at / millisecondsInMinute);
  if (zone.minute !== minute) {
    zone.day = Date.parse(`${zone.format.format(at)}T00:00:00Z`) / millisecondsInDay;
    zone.minute = minute;
  }
  return zone.day;
}

/** A day as it is written, such as 2026-03-29. */
export function writtenDay(day: number): string {
  return new Date(day * millisecondsInDay).toISOString().slice(0, 10);
}
