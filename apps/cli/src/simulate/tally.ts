/** Counts what a simulated class does, and how long the server takes. */
export class Tally {
  readonly responses = { total: 0, right: 0, wrong: 0, completed: 0 };
  readonly interventions = { offered: 0, accepted: 0, dismissed: 0 };
  readonly drawings = { submitted: 0, answered: 0, awaitReview: 0, reviews: 0, reviewsHeard: 0 };
  hints = 0;
  events = 0;
  reconnects = 0;
  readonly errors = new Map<string, number>();
  /** Milliseconds from sending a response to its answer, and from when it was due. */
  readonly service: number[] = [];
  readonly fromDue: number[] = [];

  error(code: string): void {
    this.errors.set(code, (this.errors.get(code) ?? 0) + 1);
  }
}

/** Percentiles in milliseconds, rounded to hundredths. */
export interface Percentiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Nearest-rank percentiles; zeros for no values. */
export function percentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
    return Math.round(value * 100) / 100;
  };
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
