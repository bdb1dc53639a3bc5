import type { FastifyServerOptions } from 'fastify';
import type { Config } from '#libs/platform';

/**
 * Which of the addresses that a request came through are believed, nearest first. The one after the last that is
 * believed is the client's: whatever it wrote into X-Forwarded-For itself stands before that.
 */
export function trustedProxies({
  TRUST_PROXY: proxies,
}: Pick<Config, 'TRUST_PROXY'>): FastifyServerOptions['trustProxy'] {
  if (typeof proxies !== 'number') return proxies;
  return proxies > 0 && ((_address, hop) => hop < proxies);
}
