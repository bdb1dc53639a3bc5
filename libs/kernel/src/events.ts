/**
 * Something that happened and that a client may have missed. Events of a stream are numbered from 1 without a gap, in
 * the order in which they were committed, so a client that remembers the last number can ask for the rest.
 */
export interface StreamedEvent {
  readonly institutionId: string;
  readonly stream: string;
  readonly sequence: number;
  readonly type: string;
  readonly payload: object;
  readonly at: Date;
}

/** An event before it has its number. */
export type NewEvent = Pick<StreamedEvent, 'stream' | 'type' | 'payload'>;

/** What one learner hears on all her devices. */
export function learnerStream(learnerId: string): string {
  return `learner/${learnerId}`;
}

/** What the teachers of a course hear. */
export function courseStream(courseId: string): string {
  return `course/${courseId}`;
}

/**
 * Events in the order of their streams' names, those of one stream as they were: whoever numbers events does so in this order, so
 * that two transactions take the locks of the same streams the same way round.
 */
export function inStreamOrder<E extends Pick<NewEvent, 'stream'>>(events: readonly E[]): E[] {
  return [...events].sort((a, b) => (a.stream < b.stream ? -1 : a.stream > b.stream ? 1 : 0));
}

/** The stored events. Both verbs run inside a unit of work. */
export abstract class EventLog {
  /** Numbers and stores events; holds their streams until the unit of work ends. */
  abstract append(events: readonly NewEvent[], at: Date): Promise<StreamedEvent[]>;
  /** Reads at most `limit` events of a stream after a number, oldest first. */
  abstract readAfter(stream: string, after: number, limit: number): Promise<StreamedEvent[]>;
  /** The number of a stream's last event; 0 where there is none. */
  abstract lastSequence(stream: string): Promise<number>;
}

/** Tells those who are connected, after the commit. Who is not connected catches up from the log. */
export abstract class EventPublisher {
  abstract publish(events: readonly StreamedEvent[]): void;
}
