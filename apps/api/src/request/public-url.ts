import type { FastifyRequest } from 'fastify';
import type { Config } from '#libs/platform';

/** Base URL by which others reach this server: as it is configured, else as it was asked; without a slash at its end. */
export function publicUrl({ PUBLIC_URL }: Pick<Config, 'PUBLIC_URL'>, request: FastifyRequest): string {
  return (PUBLIC_URL ?? `${request.protocol}://${request.host}`).replace(/\/$/, '');
}
