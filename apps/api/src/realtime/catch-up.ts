import { Injectable } from '@nestjs/common';
import { EventLog } from '#libs/kernel';
import { toWire } from '#libs/composition';
import { socketLimits, type Answer } from '#libs/contracts';
import { UnitOfWork, type Actor } from '#libs/identity';

/** Missed events as they go over the wire. */
export type CaughtUp = Answer<'/learn' | '/teach', 'events.catch-up'>;

/** Reads what a client missed while it was away. Who may read a stream is asked before this. */
@Injectable()
export class CatchUp {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly log: EventLog,
  ) {}

  /** Number of the last event of a stream. */
  cursor(actor: Actor, stream: string): Promise<number> {
    return this.unitOfWork.read(actor, () => this.log.lastSequence(stream));
  }

  /** The events after a number, or, without one, none of them. */
  read(actor: Actor, stream: string, after: number | null): Promise<CaughtUp> {
    return this.unitOfWork.read(actor, async () => {
      // Read first: whatever is numbered by now and not found below is no longer kept.
      const last = await this.log.lastSequence(stream);
      if (after === null) return { kind: 'caught-up', cursor: last, events: [], complete: true, missing: false };
      const limit = socketLimits.catchUpEvents;
      const found = await this.log.readAfter(stream, after, limit + 1);
      const events = found.slice(0, limit).map((event) => ({
        sequence: event.sequence,
        type: event.type,
        payload: toWire(event),
        at: event.at.toISOString(),
      }));
      const cursor = events.at(-1)?.sequence ?? Math.max(after, last);
      const missing = (events[0]?.sequence ?? cursor + 1) > after + 1;
      return { kind: 'caught-up', cursor, events, complete: found.length <= limit, missing };
    });
  }
}
