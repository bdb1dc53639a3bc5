/** How far the clock of a device is off, as far as its messages tell; never changed in place. */
export interface DeviceClock {
  /** Server time less device time of the latest messages, in milliseconds, oldest first. */
  readonly offsets: readonly number[];
}

/** Messages that count. After so many, a clock that was set anew is believed. */
const messagesKept = 8;

/** More than a day off, a clock is not believed, and its samples will be too old or too early. */
const mostOffMs = 24 * 60 * 60_000;

/** A clock of which nothing is known: taken for right. */
export const unknownClock: DeviceClock = { offsets: [] };

/**
 * Learns from a message: when it was made by the device's clock, and when it came by the server's, in Unix
 * milliseconds.
 */
export function hearClock(
  { offsets }: DeviceClock,
  { sentAt, receivedAt }: { readonly sentAt: number; readonly receivedAt: number },
): DeviceClock {
  const offset = receivedAt - sentAt;
  if (!Number.isFinite(offset)) return { offsets };
  const bounded = Math.min(mostOffMs, Math.max(-mostOffMs, offset));
  return { offsets: [...offsets, bounded].slice(-messagesKept) };
}

/**
 * What to add to the device's time to get the server's, in milliseconds, at most a day. A message is under way for some
 * time and never less than none, so each offset is too large by that, and the least of them is the best (the minimum
 * filter of NTP, RFC 5905 § 10, for one direction).
 */
export function offsetOf({ offsets }: DeviceClock): number {
  return offsets.length === 0 ? 0 : Math.min(...offsets);
}

/** What the device's clock shows at a time of the server's. */
export function toDeviceTime(clock: DeviceClock, at: number): number {
  return at - offsetOf(clock);
}

/** The server's time of a time by the device's clock. */
export function toServerTime(clock: DeviceClock, at: number): number {
  return at + offsetOf(clock);
}
