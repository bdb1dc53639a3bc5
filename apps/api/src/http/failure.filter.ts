import { Catch, HttpException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { fail, FailureError, type Failure } from '#libs/kernel';
import { statusOf, toFailure } from '../request/failure.js';
import { frameworkRefusal } from '../request/framework-refusal.js';
import { takesFile } from './file-body.js';

/**
 * Has every route answer what went wrong as JSON, with the status of its code. What was to be expected is not logged.
 * Nest's filter hears what handlers throw; Fastify's handler what hooks and the reading of bodies do.
 */
export function installFailures(app: NestFastifyApplication, fastify: FastifyInstance, logger: Logger): void {
  app.useGlobalFilters(new FailureFilter(logger));
  fastify.addHook('onRoute', (route) => {
    // GraphQL has a form of its own for errors.
    if (route.url === '/graphql') return;
    route.errorHandler ??= (error, request, reply) => answer(error, request, reply, logger);
  });
}

/** Answers what Fastify refuses before it has found a route, such as a path that is not well-formed. */
export function answerFrameworkError(logger: Logger) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): void => answer(error, request, reply, logger);
}

/** What handlers throw. GraphQL makes its own answers out of errors, so there they are passed on. */
@Catch()
class FailureFilter implements ExceptionFilter {
  constructor(private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType<'http' | 'graphql'>() !== 'http') throw error;
    const http = host.switchToHttp();
    answer(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

function answer(error: unknown, request: FastifyRequest, reply: FastifyReply, logger: Logger): void {
  const failure = failureOf(error, request) ?? toFailure(error, logger, { requestId: request.id });
  if (reply.sent) return;
  const { retryAfterSeconds } = failure;
  if (retryAfterSeconds !== undefined) void reply.header('retry-after', String(retryAfterSeconds));
  // What was not read of a refused body would be taken for the next request.
  if (!request.raw.complete) void reply.header('connection', 'close');
  void reply.header('cache-control', 'no-store').status(statusOf(failure.code)).send(failure);
}

function failureOf(error: unknown, request: FastifyRequest): Failure | null {
  if (error instanceof FailureError) return error.failure;
  const refused = frameworkRefusal(error instanceof HttpException ? (error.cause ?? error) : error);
  if (refused?.code === 'UNKNOWN_OPERATION') {
    return fail('UNKNOWN_OPERATION', `There is no route ${request.method} ${pathOf(request)}.`);
  }
  if (refused?.code === 'INVALID_INPUT' && takesFile(request.url)) return fail('UNSUPPORTED_IMAGE');
  return refused;
}

/** The path alone, and not too much of it: a query may hold what is nobody's business. */
function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0]!.slice(0, 100);
}
