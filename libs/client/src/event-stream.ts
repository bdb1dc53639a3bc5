import { EventSequence, type Sequenced } from './event-sequence.js';

/** An event as it came over the wire: its name, and its payload with its number. */
export interface StreamEvent extends Sequenced {
  readonly type: string;
  readonly payload: object;
}

/** A page of what was missed. */
export interface MissedEvents {
  readonly cursor: number;
  readonly events: readonly StreamEvent[];
  readonly complete: boolean;
  /** Whether events between the number asked for and these are no longer kept. */
  readonly missing: boolean;
}

/** How a stream is reached. */
export interface StreamSource {
  /**
   * Lets the connection hear the stream, and gives the number of the stream's last event; null where every connection
   * hears it by itself.
   */
  readonly join: (() => Promise<number>) | null;
  /** Number of connections so far: whether one that has joined is still there. */
  connections(): number;
  /** Reads what came after a number; null asks where the stream stands. */
  read(after: number | null): Promise<MissedEvents>;
}

/** Two processes may tell their events in another order than they happened; this long, a gap may close by itself. */
const gapMs = 100;

/** One stream of events, each delivered once and in order over any number of lost connections. */
export class EventStream {
  private sequence: EventSequence<StreamEvent> | null = null;
  private early: StreamEvent[] = [];
  private reading: Promise<void> | null = null;
  private gapTimer: ReturnType<typeof setTimeout> | undefined;
  private catchUpTimer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param lost told when events that were missed are no longer kept
   * @param after number of the last event that the app knows; without it the stream starts where it stands now
   */
  constructor(
    private readonly source: StreamSource,
    private readonly deliver: (event: StreamEvent) => void,
    private readonly lost: () => void,
    after: number | null = null,
  ) {
    if (after !== null) this.sequence = new EventSequence(after);
  }

  /** Number of the last event that was delivered; null until the stream's place is known. */
  get cursor(): number | null {
    return this.sequence?.cursor ?? null;
  }

  receive(event: StreamEvent): void {
    if (this.sequence === null) {
      this.early.push(event);
      return;
    }
    this.give(this.sequence.accept(event));
    if (this.sequence.hasGap) this.gapTimer ??= setTimeout(() => this.closeGap(), gapMs);
  }

  /** The connection is there, for the first time or again: reads what was missed. */
  connected(): Promise<void> {
    this.reading ??= this.readAll().finally(() => {
      this.reading = null;
    });
    return this.reading;
  }

  /** Reads what was missed, at some moment within a time in milliseconds. */
  catchUpWithin(milliseconds: number): void {
    this.catchUpTimer ??= setTimeout(() => {
      this.catchUpTimer = undefined;
      this.connected().catch(() => undefined); // whoever cannot read now is connected again later
    }, Math.random() * milliseconds);
  }

  stop(): void {
    clearTimeout(this.gapTimer);
    clearTimeout(this.catchUpTimer);
  }

  private closeGap(): void {
    this.gapTimer = undefined;
    // Whoever cannot read now is connected again later.
    if (this.sequence?.hasGap) this.connected().catch(() => undefined);
  }

  /** A connection that comes while another one's gap is read has not joined: then all of it is done again. */
  private async readAll(): Promise<void> {
    let joined: number;
    do {
      const place = (await this.source.join?.()) ?? null;
      joined = this.source.connections();
      await this.readFrom(place);
    } while (this.source.join !== null && joined !== this.source.connections());
  }

  private async readFrom(place: number | null): Promise<void> {
    if (this.sequence === null) {
      // From here on everything is heard as it happens.
      this.begin(place ?? (await this.source.read(null)).cursor);
      if (!this.sequence!.hasGap) return;
    }
    const sequence = this.sequence!;
    for (let complete = false; !complete;) {
      const page = await this.source.read(sequence.cursor);
      complete = page.complete;
      if (page.missing) this.lost();
      this.give(sequence.fill(page.events));
      if (complete) this.give(sequence.skipTo(page.cursor));
    }
  }

  /** Starts after the cursor, or before the first event that was heard while the cursor was on its way. */
  private begin(cursor: number): void {
    const { early } = this;
    this.early = [];
    this.sequence = new EventSequence(early.reduce((least, { sequence }) => Math.min(least, sequence - 1), cursor));
    for (const event of early) this.give(this.sequence.accept(event));
  }

  private give(events: readonly StreamEvent[]): void {
    for (const event of events) this.deliver(event);
  }
}
