/** Percentiles and mean of durations in milliseconds. */
export interface Summary {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export function summarise(durations: readonly number[]): Summary {
  const sorted = [...durations].sort((a, b) => a - b);
  const at = (share: number): number =>
    round(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN);
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function round(value: number, digits = 2): number {
  return Math.round(value * 10 ** digits) / 10 ** digits;
}

/** Runs a task over and over with a number of workers until the time is over; gives tasks a second and durations. */
export async function saturate(
  workers: number,
  seconds: number,
  task: (worker: number) => Promise<void>,
): Promise<{ perSecond: number; durations: number[] }> {
  const durations: number[] = [];
  const started = performance.now();
  const end = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (performance.now() < end) {
        const before = performance.now();
        await task(worker);
        durations.push(performance.now() - before);
      }
    }),
  );
  return { perSecond: Math.round((durations.length / (performance.now() - started)) * 1000), durations };
}
