import { createAdapter } from '@socket.io/redis-streams-adapter';
import type { Logger } from 'pino';
import { createClient } from 'redis';
import type { ServerOptions } from 'socket.io';
import { broadcastMessage } from './broadcast-message.js';
import { interruptedEvent, type Cluster, type Reach, type RoomEmitter } from './cluster.js';

const streamName = 'socket.io';

/** Entries that the stream keeps, about. */
const streamLength = 10_000;

/** How long the first connection is tried for, and the longest rest between two tries, in milliseconds. */
const firstConnectionLimit = 10_000;
const longestRest = 2_000;

type Client = ReturnType<typeof makeClient>;

/** Joins by a stream in Redis. Whether other processes are there is not known, so this one never counts as alone. */
export async function joinByRedis(url: string, logger: Logger): Promise<Cluster> {
  const listeners: ((reach: Reach) => void)[] = [];
  const tell = (reach: Reach): void => listeners.forEach((listener) => listener(reach));
  const client = makeClient(url);
  const watch = watchConnection(client, logger);
  await client.connect();
  const adapter = createAdapter(await readerFrom(client, logger, tell), {
    streamName,
    maxLen: streamLength,
  }) as ServerOptions['adapter'];
  watch.onBack(() => tell('everywhere'));
  return {
    adapter,
    isAlone: false,
    onInterrupted: (listener) => void listeners.push(listener),
    close: async () => client.destroy(),
  };
}

/** Emits by the stream in Redis, without reading it. */
export async function emitByRedis(
  url: string,
  logger: Logger,
  namespaces: readonly string[],
): Promise<RoomEmitter & { close(): Promise<void> }> {
  const client = makeClient(url);
  const watch = watchConnection(client, logger);
  await client.connect();
  const underWay = new Set<Promise<unknown>>();
  const send = (namespace: string, rooms: readonly string[], event: string, payload: object): void => {
    const { uid, nsp, type, data } = broadcastMessage(namespace, rooms, event, payload);
    const entry = { uid, nsp, type: String(type), data: JSON.stringify(data) };
    const sending = client
      .xAdd(streamName, '*', entry, { TRIM: { strategy: 'MAXLEN', strategyModifier: '~', threshold: streamLength } })
      .catch((error: { code?: string }) => logger.warn({ code: error.code }, 'socket event not sent'))
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  };
  watch.onBack(() => namespaces.forEach((namespace) => send(namespace, [], interruptedEvent, {})));
  return {
    emit: (namespace, room, event, payload) => send(namespace, [room], event, payload),
    close: async () => {
      await Promise.all(underWay);
      client.destroy();
    },
  };
}

function makeClient(url: string) {
  const started = Date.now();
  let connected = false;
  const client = createClient({
    url,
    // Without a connection a message is refused at once: this process's own sockets need not wait for Redis.
    disableOfflineQueue: true,
    socket: {
      connectTimeout: 5_000,
      reconnectStrategy: (retries, cause) =>
        !connected && Date.now() - started > firstConnectionLimit ? cause : Math.min(50 * 2 ** retries, longestRest),
    },
  });
  client.once('ready', () => (connected = true));
  return client;
}

/**
 * The client as the adapter gets it. The connection that reads starts from the stream's present end, and not from
 * "whatever comes next" at each call, which would lose what comes between two calls; and its commands wait for the
 * connection, because the adapter repeats a refused one without rest.
 */
async function readerFrom(client: Client, logger: Logger, tell: (reach: Reach) => void): Promise<Client> {
  const last = await client.xRevRange(streamName, '+', '-', { COUNT: 1 });
  const start = last?.[0]?.id ?? '0-0';
  const duplicate = (): Client => {
    const reader = client.duplicate({ disableOfflineQueue: false });
    const read = reader.xRead.bind(reader) as (streams: { key: string; id: string }[], options: object) => unknown;
    const readOn = (streams: { key: string; id: string }[], options: object): unknown =>
      read(
        streams.map(({ key, id }) => ({ key, id: id === '$' ? start : id })),
        options,
      );
    watchConnection(reader as Client, logger).onBack(() => tell('here'));
    return Object.assign(reader, { xRead: readOn }) as unknown as Client;
  };
  return new Proxy(client, {
    get: (target, name) => {
      if (name === 'duplicate') return duplicate;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** Logs when a connection is lost, once, and tells when it is there again. */
function watchConnection(client: Client, logger: Logger): { onBack(listener: () => void): void } {
  let lost = false;
  let back = (): void => undefined;
  client.on('error', (error: Error) => {
    if (!lost) logger.warn({ code: (error as { code?: string }).code }, 'redis connection lost');
    lost = true;
  });
  client.on('ready', () => {
    if (lost) back();
    lost = false;
  });
  return { onBack: (listener) => void (back = listener) };
}
