import { broadcastMessage } from './broadcast-message.js';
import type { RoomEmitter } from './cluster.js';
import type { NotificationLine } from './notification-line.js';

/** Bytes that one notification of PostgreSQL may have. */
const notificationLimit = 7_999;

/**
 * Emits to the sockets of all API processes by a notification that Socket.IO's PostgreSQL adapter listens for. Messages
 * go out one after another, in the order in which they were emitted.
 */
export class PostgresEmitter implements RoomEmitter {
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly line: NotificationLine,
    private readonly onLost: (code: string | undefined) => void,
  ) {}

  emit(namespace: string, room: string, event: string, payload: object): void {
    this.enqueue(namespace, [room], event, payload);
  }

  /** Emits to every socket of a namespace. */
  emitToAll(namespace: string, event: string, payload: object): void {
    this.enqueue(namespace, [], event, payload);
  }

  /** Waits until everything is sent. */
  async settle(): Promise<void> {
    await this.last;
  }

  private enqueue(namespace: string, rooms: readonly string[], event: string, payload: object): void {
    const message = JSON.stringify(broadcastMessage(namespace, rooms, event, payload));
    this.last = this.last.then(() => this.send(`socket.io#${namespace}`, message));
  }

  /** What cannot be sent is lost to those who listen now; the line sees to it that they are told to catch up. */
  private async send(channel: string, message: string): Promise<void> {
    if (Buffer.byteLength(message) > notificationLimit) return this.onLost('too-large');
    try {
      await this.line.query('SELECT pg_notify($1, $2)', [channel, message]);
    } catch (error) {
      this.onLost((error as { code?: string }).code);
    }
  }
}
