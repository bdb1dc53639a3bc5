/** A device clock that runs ahead is held at the time of receipt; the time it sent is stored beside. */
export function occurredAt(deviceTime: number, now: Date): number {
  return Math.min(deviceTime, now.getTime());
}
