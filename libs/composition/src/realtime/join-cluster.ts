import type { Logger } from 'pino';
import { eventMap } from '#libs/contracts';
import type { Config } from '#libs/platform';
import type { Cluster, RoomEmitter } from './cluster.js';
import { emitByPostgres, joinByPostgres } from './postgres-cluster.js';

/** Where events are heard. */
const namespaces = Object.keys(eventMap);

/**
 * Joins this process to the others: by Redis streams when REDIS_URL is set, else by PostgreSQL's notifications. When
 * it resolves, what the others emit reaches this process.
 */
export async function joinCluster(config: Config, logger: Logger): Promise<Cluster> {
  if (config.REDIS_URL === undefined) return joinByPostgres(config.DATABASE_APP_URL, logger, namespaces);
  const { joinByRedis } = await redisCluster();
  return joinByRedis(config.REDIS_URL, logger);
}

/** Emits from a process without sockets. */
export async function joinAsEmitter(config: Config, logger: Logger): Promise<RoomEmitter & { close(): Promise<void> }> {
  if (config.REDIS_URL === undefined) return emitByPostgres(config.DATABASE_APP_URL, logger, namespaces);
  const { emitByRedis } = await redisCluster();
  return emitByRedis(config.REDIS_URL, logger, namespaces);
}

/** Redis' client is a third of all files that a start would read: it is read where it is used only. */
function redisCluster(): Promise<typeof import('./redis-cluster.js')> {
  return import('./redis-cluster.js');
}
