import { Injectable } from '@nestjs/common';
import { EventLog } from '#libs/kernel';
import { socketLimits } from '#libs/contracts';
import { UnitOfWork, type Actor } from '#libs/identity';

/** Missed events as they go over the wire. */
export interface CaughtUp {
  kind: 'caught-up';
  cursor: number;
  events: { sequence: number; type: string; payload: Record<string, unknown>; at: string }[];
  complete: boolean;
}

/** Reads what a client missed while it was away. Who may read a stream is asked before this. */
@Injectable()
export class CatchUp {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly log: EventLog,
  ) {}

  /** Where a stream stands now. */
  cursor(actor: Actor, stream: string): Promise<number> {
    return this.unitOfWork.read(actor, () => this.log.lastSequence(stream));
  }

  /** The events after a number, or, without one, none of them. */
  async read(actor: Actor, stream: string, after: number | null): Promise<CaughtUp> {
    if (after === null) {
      return { kind: 'caught-up', cursor: await this.cursor(actor, stream), events: [], complete: true };
    }
    const limit = socketLimits.catchUpEvents;
    const found = await this.unitOfWork.read(actor, () => this.log.readAfter(stream, after, limit + 1));
    const events = found.slice(0, limit).map(({ sequence, type, payload, at }) => ({
      sequence,
      type,
      payload: payload as Record<string, unknown>,
      at: at.toISOString(),
    }));
    const cursor = events.at(-1)?.sequence ?? after;
    return { kind: 'caught-up', cursor, events, complete: found.length <= limit };
  }
}
