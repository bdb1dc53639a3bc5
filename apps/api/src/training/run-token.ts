import type { FastifyRequest } from 'fastify';
import { fail, FailureError } from '#libs/kernel';

/** The token of a run that came with a request. @throws a failure where none came */
export function runTokenOf({ headers }: Pick<FastifyRequest, 'headers'>): string {
  const token = /^Bearer (run_[A-Za-z0-9_-]{1,200})$/i.exec(headers.authorization ?? '')?.[1];
  if (token === undefined) {
    throw new FailureError(fail('UNAUTHENTICATED', 'Send the token of the run, which comes with its plan.'));
  }
  return token;
}
