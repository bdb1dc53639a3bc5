import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { Actor } from '#libs/identity';
import { requireActor } from '../request/actor.js';
import { clientAddress } from '../request/client-address.js';

/** What resolvers find in their context; made anew for each request. */
export interface GraphqlContext {
  readonly request: FastifyRequest;
  /** Batching loaders of this request, by name. */
  readonly loaders: Map<string, unknown>;
}

/** The actor of the request; without one the field answers UNAUTHENTICATED. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { request } = GqlExecutionContext.create(context).getContext<GraphqlContext>();
  return requireActor(request.identity);
});

/** Where the request came from, for limits. */
export const ClientAddress = createParamDecorator((_: unknown, context: ExecutionContext): string => {
  return clientAddress(GqlExecutionContext.create(context).getContext<GraphqlContext>().request);
});
