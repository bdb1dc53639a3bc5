import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { GqlExecutionContext } from '@nestjs/graphql';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { fail, FailureError, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { OperationScope } from '#libs/persistence';
import { clientAddress } from '../request/client-address.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, or why that is not known. Null where no token came. */
    identity: Actor | Failure | null;
    scope: OperationScope | null;
  }
}

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

export function requireActor(identity: Actor | Failure | null): Actor {
  if (identity === null) throw new FailureError(fail('UNAUTHENTICATED'));
  if (identity.kind === 'failure') throw new FailureError(identity);
  return identity;
}

/** Parses an input by its wire schema; what is wrong is told field by field. */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> | Failure {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.slice(0, 20).map(({ path, message }) => ({ path: path.join('.'), message }));
  return fail(
    'INVALID_INPUT',
    `${issues[0]?.path ? `${issues[0].path}: ` : ''}${issues[0]?.message ?? 'wrong shape'}`,
    { issues },
  );
}
