import type { Namespace, ServerOptions } from 'socket.io';

/** Emits to a room of a namespace, wherever its sockets are connected. */
export interface RoomEmitter {
  emit(namespace: string, room: string, event: string, payload: object): void;
}

/** Whose sockets may have missed events: those of this process, or those of all. */
export type Reach = 'here' | 'everywhere';

/** How several processes act as one: the socket adapter, what is known of the others, and how to leave. */
export interface Cluster {
  readonly adapter: ServerOptions['adapter'];
  /** Whether certainly no other process has sockets. */
  readonly isAlone: boolean;
  /** Tells when events may not have come through: a connection to the others was lost and is there again. */
  onInterrupted(listener: (reach: Reach) => void): void;
  close(): Promise<void>;
}

/** The event that tells a client that it may have missed others, and should catch up. */
export const interruptedEvent = 'events.interrupted';

/**
 * Emits through a namespace. While this process is alone the message does not leave it: a notification for each answer
 * would cost a third of the throughput.
 */
export function emitTo(
  cluster: Pick<Cluster, 'isAlone'>,
  namespace: Namespace,
  room: string,
  event: string,
  payload: object,
): void {
  (cluster.isAlone ? namespace.local : namespace).to(room).emit(event, payload);
}
