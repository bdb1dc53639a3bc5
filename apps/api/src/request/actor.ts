import { fail, FailureError, type Failure } from '#libs/kernel';
import type { Actor } from '#libs/identity';
import type { OperationScope } from '#libs/persistence';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, or why that is not known. Null where no token came. */
    identity: Actor | Failure | null;
    scope: OperationScope | null;
  }
}

/** Who asks; throws UNAUTHENTICATED, or why the token does not stand. */
export function requireActor(identity: Actor | Failure | null): Actor {
  if (identity === null) throw new FailureError(fail('UNAUTHENTICATED'));
  if (identity.kind === 'failure') throw new FailureError(identity);
  return identity;
}
