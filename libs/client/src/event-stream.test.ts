import { describe, expect, it } from 'vitest';
import { EventStream, type MissedEvents, type StreamEvent } from './event-stream.js';

const anEvent = (sequence: number): StreamEvent => ({ sequence, type: 'submission.received', payload: {} });

/** A stream on a server, and a connection to it that can break at any step. */
class Line {
  readonly events: StreamEvent[] = [];
  connection = 1;
  /** The connection that hears the stream. */
  joined = 0;
  /** Told before a page is read. */
  beforeReading: () => Promise<void> = async () => undefined;

  readonly source = {
    join: async (): Promise<number> => {
      this.joined = this.connection;
      return this.events.length;
    },
    connections: () => this.connection,
    read: async (after: number | null): Promise<MissedEvents> => {
      await this.beforeReading();
      const events = after === null ? [] : this.events.slice(after);
      return { cursor: this.events.length, events, complete: true, missing: false };
    },
  };

  happens(stream: EventStream): void {
    const event = anEvent(this.events.length + 1);
    this.events.push(event);
    if (this.joined === this.connection) stream.receive(event);
  }
}

describe('EventStream', () => {
  it('joins a connection that came while what was missed over the last one is read', async () => {
    const line = new Line();
    const heard: number[] = [];
    const stream = new EventStream(
      line.source,
      ({ sequence }) => heard.push(sequence),
      () => undefined,
      0,
    );
    line.happens(stream);
    line.beforeReading = async () => {
      // The line breaks between joining and reading, and is there again: the page is answered over the new one.
      line.beforeReading = async () => undefined;
      line.connection++;
      void stream.connected();
    };
    await stream.connected();
    expect(line.joined).toBe(line.connection);
    line.happens(stream);
    expect(heard).toEqual([1, 2]);
    stream.stop();
  });

  it('reads once where the connection stays', async () => {
    const line = new Line();
    let pages = 0;
    line.beforeReading = async () => void pages++;
    const stream = new EventStream(
      line.source,
      () => undefined,
      () => undefined,
      0,
    );
    await Promise.all([stream.connected(), stream.connected()]);
    expect(pages).toBe(1);
    stream.stop();
  });
});
