/** Where the time comes from. Domain code never reads the wall clock itself. */
export abstract class Clock {
  /** Unix time in milliseconds. */
  abstract now(): number;
}
