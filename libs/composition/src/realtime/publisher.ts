import { EventPublisher, type StreamedEvent } from '#libs/kernel';
import type { RoomEmitter } from './cluster.js';

/** The room that hears a stream. Rooms are named by institution, so that no id can reach across. */
export function roomOf(institutionId: string, stream: string): string {
  return `${institutionId}:${stream}`;
}

/** The namespace whose clients hear a stream. */
function namespaceOf(stream: string): '/learn' | '/teach' {
  return stream.startsWith('course/') ? '/teach' : '/learn';
}

/** The payload of a streamed event as clients get it, pushed or caught up: what happened, its number and its time. */
export function toWire({ payload, sequence, at }: StreamedEvent): Record<string, unknown> {
  return { ...payload, sequence, at: at.toISOString() };
}

/** Sends events to the rooms of their streams. */
export class RoomEventPublisher extends EventPublisher {
  constructor(private readonly emitter: RoomEmitter) {
    super();
  }

  override publish(events: readonly StreamedEvent[]): void {
    for (const event of events) {
      this.emitter.emit(
        namespaceOf(event.stream),
        roomOf(event.institutionId, event.stream),
        event.type,
        toWire(event),
      );
    }
  }
}
