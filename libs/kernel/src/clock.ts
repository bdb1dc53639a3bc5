/** Where the time comes from. Domain code never reads the wall clock itself. */
export abstract class Clock {
  /** Unix time in milliseconds. */
  abstract now(): number;
}

/** A clock that stands where it was put, until it is moved. */
export class FixedClock extends Clock {
  constructor(private time: number) {
    super();
  }

  now(): number {
    return this.time;
  }

  /** Moves the clock on by a number of milliseconds. */
  advance(milliseconds: number): void {
    this.time += milliseconds;
  }
}
