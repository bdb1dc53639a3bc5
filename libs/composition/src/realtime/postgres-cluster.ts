import { createAdapter } from '@socket.io/postgres-adapter';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { ServerOptions } from 'socket.io';
import { interruptedEvent, type Cluster, type Reach, type RoomEmitter } from './cluster.js';
import { NotificationLine } from './notification-line.js';
import { PostgresEmitter } from './postgres.emitter.js';
import { ProcessPresence } from './process-presence.js';

/** How long a process waits, before it lets sockets in, for the others to know it, in milliseconds. */
const introductionLimit = 5_000;

/** Joins by LISTEN and NOTIFY. */
export async function joinByPostgres(url: string, logger: Logger, namespaces: readonly string[]): Promise<Cluster> {
  const listeners: ((reach: Reach) => void)[] = [];
  const tell = (reach: Reach): void => listeners.forEach((listener) => listener(reach));
  const line: NotificationLine = new NotificationLine({
    url,
    logger,
    onListening: (client) => presence.enter(client),
    onSilence: () => presence.leave(),
    onUnsent: () => tell('everywhere'),
  });
  const presence = new ProcessPresence(
    ['/', ...namespaces].map((namespace) => `socket.io#${namespace}`),
    (channel, payload) => line.query('SELECT pg_notify($1, $2)', [channel, payload]),
    () => tell('here'),
  );
  const adapter = createAdapter(line as unknown as pg.Pool, {
    errorHandler: (error) =>
      logger.warn({ code: (error as { code?: string }).code }, 'socket notifications interrupted'),
  }) as ServerOptions['adapter'];
  await presence.known(introductionLimit);
  return {
    adapter,
    get isAlone() {
      return presence.isAlone;
    },
    onInterrupted: (listener) => void listeners.push(listener),
    close: async () => {
      presence.close();
      await line.close();
    },
  };
}

/** Emits by NOTIFY. */
export async function emitByPostgres(
  url: string,
  logger: Logger,
  namespaces: readonly string[],
): Promise<RoomEmitter & { close(): Promise<void> }> {
  const line: NotificationLine = new NotificationLine({
    url,
    logger,
    onUnsent: () => namespaces.forEach((namespace) => emitter.emitToAll(namespace, interruptedEvent, {})),
  });
  const emitter = new PostgresEmitter(line, (code) => logger.warn({ code }, 'socket event not sent'));
  return {
    emit: (namespace, room, event, payload) => emitter.emit(namespace, room, event, payload),
    close: async () => {
      await emitter.settle();
      await line.close();
    },
  };
}
