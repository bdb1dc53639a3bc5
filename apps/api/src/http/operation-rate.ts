import type { FastifyInstance } from 'fastify';
import { fail, FailureError, isFailure } from '#libs/kernel';
import type { Config } from '#libs/platform';
import { clientAddress } from '../request/client-address.js';
import { TokenBuckets } from '../request/token-buckets.js';

/** Seconds of the rate that may be used at once: a console that opens asks for much, then for little. */
const burstSeconds = 10;

/** Users and addresses whose rate is known at once, by kind: a stranger with many addresses drives no user out. */
const keys = 20_000;

/** Refuses GraphQL operations of somebody who sends too many: counted by user, without a valid token by address. */
export function limitOperations(fastify: FastifyInstance, config: Pick<Config, 'GRAPHQL_OPERATIONS_PER_SECOND'>): void {
  const rate = config.GRAPHQL_OPERATIONS_PER_SECOND;
  const users = new TokenBuckets(rate, rate * burstSeconds, keys);
  const addresses = new TokenBuckets(rate, rate * burstSeconds, keys);
  fastify.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.url !== '/graphql') return;
    const { identity } = request;
    const wait =
      identity === null || isFailure(identity)
        ? addresses.take(clientAddress(request), performance.now())
        : users.take(identity.userId, performance.now());
    if (wait === 0) return;
    const retryAfterSeconds = Math.ceil(wait);
    reply.header('retry-after', String(retryAfterSeconds));
    throw new FailureError(fail('RATE_LIMITED', undefined, { retryAfterSeconds }));
  });
}
