/** A part that lived longer than this was well; its next end starts the count anew, in milliseconds. */
const WELL_AFTER = 30_000;

/** How many ends in a row, each soon after its start, are taken as "it will not stay up". */
const PATIENCE = 8;

const FIRST_DELAY = 200;
const LONGEST_DELAY = 10_000;

/** Decides when a part that ended by itself is started again: 0.2 s, 0.4 s … 10 s, and then not any more. */
export class RestartPolicy {
  private quickEnds = 0;

  /**
   * @param lived how long the part had run, in milliseconds
   * @returns how long to wait before the next start, in milliseconds, or null to give up
   */
  afterEnd(lived: number): number | null {
    this.quickEnds = lived > WELL_AFTER ? 1 : this.quickEnds + 1;
    if (this.quickEnds >= PATIENCE) return null;
    return Math.min(FIRST_DELAY * 2 ** (this.quickEnds - 1), LONGEST_DELAY);
  }

  /** Ends in a row, for the sentence. */
  get ends(): number {
    return this.quickEnds;
  }
}
