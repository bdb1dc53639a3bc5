/** One line of a gate: what is asked, and what there is. */
export interface GateLine {
  readonly name: string;
  readonly required: string;
  /** Null where nothing was measured. */
  readonly measured: string | null;
  readonly isMet: boolean;
}

/** A line of its own kind. */
export function line(name: string, required: string, measured: string | null, isMet: boolean): GateLine {
  return { name, required, measured, isMet };
}

/** A figure that has to be large enough; one that was not measured is not. */
export function atLeast(name: string, least: number, value: number | undefined): GateLine {
  return line(
    name,
    `at least ${least}`,
    value === undefined ? null : shown(value),
    value !== undefined && value >= least,
  );
}

/** A figure that may be so large. */
export function atMost(name: string, most: number, value: number | undefined): GateLine {
  return line(name, `at most ${most}`, value === undefined ? null : shown(value), value !== undefined && value <= most);
}

/** A figure for people. */
export function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(3)));
}
