import type { Logger } from 'pino';
import { eventMap } from '#libs/contracts';
import type { Config } from '#libs/platform';
import type { Cluster, RoomEmitter } from './cluster.js';
import { emitByPostgres, joinByPostgres } from './postgres-cluster.js';
import { emitByRedis, joinByRedis } from './redis-cluster.js';

/** Where events are heard. */
const namespaces = Object.keys(eventMap);

/**
 * Joins this process to the others: by Redis streams when REDIS_URL is set, else by PostgreSQL's notifications. When
 * it resolves, what the others emit reaches this process.
 */
export function joinCluster(config: Config, logger: Logger): Promise<Cluster> {
  return config.REDIS_URL === undefined
    ? joinByPostgres(config.DATABASE_APP_URL, logger, namespaces)
    : joinByRedis(config.REDIS_URL, logger);
}

/** Emits from a process without sockets. */
export function joinAsEmitter(config: Config, logger: Logger): Promise<RoomEmitter & { close(): Promise<void> }> {
  return config.REDIS_URL === undefined
    ? emitByPostgres(config.DATABASE_APP_URL, logger, namespaces)
    : emitByRedis(config.REDIS_URL, logger, namespaces);
}
