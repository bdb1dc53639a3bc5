import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, FailureError } from '#libs/kernel';
import { pictureLimits } from '#libs/imaging';
import type { TokenService } from '#libs/security';
import { orThrow } from '../request/failure.js';

/** The routes that take a picture as their body. */
const pictureRoutes = /^\/(uploads|courses\/[^/]+\/media)\//;

/** Whether a request goes to a route that takes a picture. */
export function takesPicture(url: string): boolean {
  return pictureRoutes.test(url);
}

/** The picture that came as the body of a request. */
export function pictureOf(body: unknown): Buffer {
  if (!Buffer.isBuffer(body)) throw new FailureError(fail('UNSUPPORTED_IMAGE', 'Send the picture itself as the body.'));
  return body;
}

const tooLarge = (): FailureError => new FailureError(fail('TOO_LARGE', 'A picture may have 12 MB.'));

/**
 * Lets pictures in as the body of a request: of people who are signed in only, and not a byte beyond the limit, so
 * that a stranger cannot fill the memory.
 */
export function installPictureBody(fastify: FastifyInstance, tokens: TokenService): void {
  fastify.addContentTypeParser(/^image\//, async (request: FastifyRequest, body: AsyncIterable<Buffer>) => {
    const token = /^Bearer (\S{1,4000})$/i.exec(request.headers.authorization ?? '')?.[1];
    orThrow(token === undefined ? fail('UNAUTHENTICATED') : await tokens.verify(token));
    if (Number(request.headers['content-length'] ?? 0) > pictureLimits.bytes) throw tooLarge();
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > pictureLimits.bytes) throw tooLarge();
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  });
}
