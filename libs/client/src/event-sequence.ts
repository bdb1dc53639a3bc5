/** An event of a stream, as far as its place in the stream goes. */
export interface Sequenced {
  readonly sequence: number;
}

/**
 * Puts the events of one stream in order: each is given out once, by number, without a gap. What arrives behind a gap
 * waits until the gap is filled from the server's log.
 */
export class EventSequence<E extends Sequenced> {
  private readonly waiting = new Map<number, E>();

  /** @param last number of the last event that is already known */
  constructor(private last: number) {}

  /** Number of the last event that was given out. */
  get cursor(): number {
    return this.last;
  }

  /** Whether events wait behind one that has not come. */
  get hasGap(): boolean {
    return this.waiting.size > 0;
  }

  /** Takes an event as it comes and gives those whose turn it is now. */
  accept(event: E): E[] {
    if (event.sequence > this.last) this.waiting.set(event.sequence, event);
    return this.takeNext();
  }

  /**
   * Takes a page of the log, oldest first, and gives those whose turn it is. The log has the last word: a number that
   * it leaves out is one that the server no longer keeps.
   */
  fill(events: readonly E[]): E[] {
    const due: E[] = [];
    for (const event of events) {
      if (event.sequence <= this.last) continue;
      this.last = event.sequence;
      this.waiting.delete(event.sequence);
      due.push(event);
    }
    return [...due, ...this.takeNext()];
  }

  /** Moves on to a number without giving anything out, where what lies before it is not wanted. */
  skipTo(sequence: number): E[] {
    this.last = Math.max(this.last, sequence);
    for (const number of this.waiting.keys()) if (number <= this.last) this.waiting.delete(number);
    return this.takeNext();
  }

  private takeNext(): E[] {
    const due: E[] = [];
    for (let next = this.waiting.get(this.last + 1); next !== undefined; next = this.waiting.get(this.last + 1)) {
      this.waiting.delete(next.sequence);
      this.last = next.sequence;
      due.push(next);
    }
    return due;
  }
}
