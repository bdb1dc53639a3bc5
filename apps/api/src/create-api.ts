import { setTimeout as sleep } from 'node:timers/promises';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import fastifyCors from '@fastify/cors';
import type { Logger } from 'pino';
import { joinCluster } from '#libs/composition';
import type { Config } from '#libs/platform';
import { NestLogger, Telemetry } from '#libs/platform';
import { ApiModule } from './api.module.js';
import { installPersistedOperations, readPersistedOperations } from './graphql/persisted-operations.js';
import { installPlayground } from './graphql/playground.js';
import { traceOperations } from './graphql/trace-operations.js';
import { installDocs } from './http/docs.js';
import { answerFrameworkError, installFailures } from './http/failure.filter.js';
import { installHomePage } from './http/home-page.js';
import { installRequestHooks } from './http/request-hooks.js';
import { originCheck } from './http/origins.js';
import { limitOperations } from './http/operation-rate.js';
import { watchUnusedConnections } from './http/unused-connections.js';
import { trustedProxies } from './http/trusted-proxies.js';
import { Readiness } from './operation/readiness.js';
import { RealtimeHub } from './realtime/hub.js';
import { SocketDoor } from './realtime/socket-door.js';
import { AttuneSocketAdapter } from './realtime/socket.adapter.js';

/** The API as a running thing: its address, and how to stop it. */
export interface RunningApi {
  readonly app: NestFastifyApplication;
  /** Without a slash at the end. */
  readonly url: string;
  /** How long `close` may take, in milliseconds. */
  readonly closingLimit: number;
  /** Says that it is going, stops taking work, finishes what is under way, and closes everything. */
  close(): Promise<void>;
}

/** How long the answers of sockets, and then of HTTP, may take when the API stops, in milliseconds. */
const drainLimit = 6_000;
const closingLimit = 9_000;

/** Bytes of one HTTP body, uploads apart. */
const bodyLimit = 1024 * 1024;

/** Builds the API and listens. */
export async function startApi(config: Config, logger: Logger): Promise<RunningApi> {
  const adapter = new FastifyAdapter({
    bodyLimit,
    trustProxy: trustedProxies(config),
    logger: false,
    frameworkErrors: answerFrameworkError(logger),
    forceCloseConnections: 'idle',
  });
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.forRoot(config, logger), adapter, {
    logger: new NestLogger(logger),
    abortOnError: false,
  });
  const isAllowedOrigin = originCheck(config);
  const fastify = adapter.getInstance();
  await fastify.register(fastifyCors, {
    delegator: (request, decide) =>
      decide(null, {
        origin: isAllowedOrigin(request.headers.origin, request.headers.host),
        methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
        maxAge: 600,
      }),
  });
  const closeUnused = watchUnusedConnections(fastify.server);
  installFailures(app, fastify, logger);
  installRequestHooks(app, fastify, logger);
  limitOperations(fastify, config);
  traceOperations(fastify, app.get(Telemetry));
  const readiness = app.get(Readiness);
  fastify.addHook('onSend', async (_request, reply) => {
    // Who keeps a connection open would keep this process from ending.
    if (readiness.draining) reply.header('connection', 'close');
  });
  const only = config.PERSISTED_OPERATIONS_ONLY;
  installPersistedOperations(fastify, await readPersistedOperations({ required: only }), { only });
  installHomePage(fastify, { playground: config.PLAYGROUND });
  await installDocs(fastify);
  if (config.PLAYGROUND) await installPlayground(fastify);
  const cluster = await joinCluster(config, logger);
  app.useWebSocketAdapter(new AttuneSocketAdapter(app, cluster, app.get(RealtimeHub), isAllowedOrigin));
  await app.init();
  await app.listen(config.PORT, config.HOST);
  const address = await app.getUrl();
  return {
    app,
    url: address.replace('[::1]', 'localhost'),
    closingLimit: config.SHUTDOWN_DELAY_SECONDS * 1000 + closingLimit,
    close: async () => {
      readiness.draining = true;
      await sleep(config.SHUTDOWN_DELAY_SECONDS * 1000);
      await app.get(SocketDoor).drain(drainLimit);
      closeUnused();
      await app.close();
      await cluster.close();
    },
  };
}
