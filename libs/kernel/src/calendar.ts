const millisecondsInDay = 86_400_000;
const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar day at a time in a time zone, in days since 1970-01-01. Two times with the same number are on the same day
 * where the clock of the zone hangs, daylight saving included.
 * @param timeZone an IANA name; an unknown one throws a `RangeError`
 * @param at Unix milliseconds
 */
export function dayIn(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return Math.floor(at / millisecondsInDay);
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
    formats.set(timeZone, format);
  }
  return Date.parse(`${format.format(at)}T00:00:00Z`) / millisecondsInDay;
}

/** A day as it is written, such as 2026-03-29. */
export function writtenDay(day: number): string {
  return new Date(day * millisecondsInDay).toISOString().slice(0, 10);
}
