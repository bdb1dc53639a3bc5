/** Kinds of message and of packet, as `socket.io-adapter` numbers them. */
const broadcast = 3;
const eventPacket = 2;

/** What one process tells the adapters of the others, so that they emit an event to their own sockets. */
export interface BroadcastMessage {
  readonly uid: string;
  readonly nsp: string;
  readonly type: number;
  readonly data: object;
}

/**
 * An event for some rooms of a namespace, or for all its sockets. It is made by hand for processes without sockets:
 * `@socket.io/postgres-emitter` 0.1.1 leaves out the namespace, without which adapter 0.5.0 drops a message.
 */
export function broadcastMessage(
  namespace: string,
  rooms: readonly string[],
  event: string,
  payload: object,
): BroadcastMessage {
  return {
    uid: 'emitter',
    nsp: namespace,
    type: broadcast,
    data: {
      packet: { type: eventPacket, data: [event, payload], nsp: namespace },
      opts: { rooms, except: [], flags: {} },
    },
  };
}
