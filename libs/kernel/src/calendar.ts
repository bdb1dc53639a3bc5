const millisecondsInDay = 86_400_000;
const millisecondsInMinute = 60_000;
const secondsIn: Readonly<Record<string, number>> = { hour: 3_600, minute: 60, second: 1 };
const formats = new Map<string, Intl.DateTimeFormat>();

/** What a format shows: making one takes long, so each is kept. */
const shown = {
  day: { year: 'numeric', month: '2-digit', day: '2-digit' },
  time: { hour: 'numeric', minute: 'numeric', second: 'numeric', hourCycle: 'h23' },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;

function formatOf(timeZone: string, what: keyof typeof shown): Intl.DateTimeFormat {
  const key = `${what} ${timeZone}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-CA', { timeZone, ...shown[what] });
    formats.set(key, format);
  }
  return format;
}

/** Of each zone the minute that was last asked for, and its day: days begin on whole minutes, and many ask at the same time. */
const lastDays = new Map<string, { minute: number; day: number }>();

/**
 * The calendar day at a time in a time zone, in days since 1970-01-01. Two times with the same number are on the same day
 * where the clock of the zone hangs, daylight saving included.
 * @param timeZone an IANA name; an unknown one throws a `RangeError`
 * @param at Unix milliseconds
 */
export function dayIn(timeZone: string, at: number): number {
  if (timeZone === 'UTC') return Math.floor(at / millisecondsInDay);
  let last = lastDays.get(timeZone);
  if (last === undefined) {
    last = { minute: NaN, day: NaN };
    lastDays.set(timeZone, last);
  }
  const minute = Math.floor(at / millisecondsInMinute);
  if (last.minute !== minute) {
    last.day = Date.parse(`${formatOf(timeZone, 'day').format(at)}T00:00:00Z`) / millisecondsInDay;
    last.minute = minute;
  }
  return last.day;
}

/**
 * The last millisecond of a calendar day where the clock of a time zone hangs. A day whose end comes twice ends the second time,
 * and a day that the zone has left out ends with the one before it.
 * @param timeZone an IANA name; an unknown one throws a `RangeError`
 * @param day days since 1970-01-01, as {@link dayIn} counts them
 */
export function endOfDay(timeZone: string, day: number): number {
  const midnight = (day + 1) * millisecondsInDay;
  // The offset from UTC is one of two: that of the day before, and that of the day after a change of the clocks.
  const ends = [-1, 1].map((side) => midnight - offsetIn(timeZone, midnight + side * millisecondsInDay) - 1);
  return Math.max(...ends.filter((at) => dayIn(timeZone, at) <= day && dayIn(timeZone, at + 1) > day));
}

/** How far the clock of a zone is ahead of UTC at a time, in milliseconds. */
function offsetIn(timeZone: string, at: number): number {
  const secondsOfDay = formatOf(timeZone, 'time')
    .formatToParts(at)
    .reduce((sum, { type, value }) => (type in secondsIn ? sum + Number(value) * secondsIn[type]! : sum), 0);
  const here = dayIn(timeZone, at) * millisecondsInDay + secondsOfDay * 1_000;
  return here - Math.floor(at / 1_000) * 1_000;
}

/** A day as it is written, such as 2026-03-29. */
export function writtenDay(day: number): string {
  return new Date(day * millisecondsInDay).toISOString().slice(0, 10);
}

/** The day that is written so, in days since 1970-01-01; NaN for what is no such text. The opposite of {@link writtenDay}. */
export function readDay(written: string): number {
  return Date.parse(`${written}T00:00:00Z`) / millisecondsInDay;
}
