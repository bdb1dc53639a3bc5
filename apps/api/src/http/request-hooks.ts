import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { isFailure } from '#libs/kernel';
import { Database } from '#libs/persistence';
import { Metrics } from '#libs/platform';
import { TokenService } from '#libs/security';

/**
 * What happens around every request: who asks is found out, what it reads comes from one transaction of her
 * institution, and how long it took is counted.
 */
export function installRequestHooks(app: NestFastifyApplication, fastify: FastifyInstance, logger: Logger): void {
  const tokens = app.get(TokenService);
  const database = app.get(Database);
  const metrics = app.get(Metrics);
  fastify.decorateRequest('identity', null);
  fastify.decorateRequest('scope', null);

  fastify.addHook('preHandler', async (request: FastifyRequest) => {
    const token = readBearer(request.headers.authorization);
    if (token === null) return;
    request.identity = await tokens.verify(token);
    if (!isFailure(request.identity)) request.scope = database.scope(request.identity);
  });
  fastify.addHook('preHandler', (request, _reply, done) => {
    if (request.scope === null) done();
    else database.runIn(request.scope, done);
  });
  fastify.addHook('onSend', async (request: FastifyRequest) => {
    await request.scope?.end();
  });
  fastify.addHook('onRequestAbort', async (request: FastifyRequest) => {
    await request.scope?.end();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown';
    metrics.httpRequest(route, reply.statusCode, reply.elapsedTime);
    logger.debug(
      { requestId: request.id, route, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
    done();
  });
}

function readBearer(header: string | undefined): string | null {
  const match = /^Bearer ([A-Za-z0-9._~+/-]{1,4000}=*)$/i.exec(header ?? '');
  return match?.[1] ?? null;
}
