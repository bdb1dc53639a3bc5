import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, FailureError } from '#libs/kernel';
import { fileLimits, fileTypes } from '#libs/grading';
import { pictureLimits } from '#libs/imaging';
import type { WorkFile } from '#libs/learning';
import type { TokenService } from '#libs/security';
import { orThrow } from '../request/failure.js';

/** The routes that take a file as their body. */
const fileRoutes = /^\/(uploads|courses\/[^/]+\/media)\//;

/** Whether a request goes to a route that takes a file. */
export function takesFile(url: string): boolean {
  return fileRoutes.test(url);
}

/** The file that came as the body of a request. */
export function fileIn(body: unknown): Buffer {
  if (!Buffer.isBuffer(body)) throw new FailureError(fail('UNSUPPORTED_IMAGE', 'Send the file itself as the body.'));
  return body;
}

/** What a body holds, by its header. */
export function heldBy({ headers }: Pick<FastifyRequest, 'headers'>): WorkFile {
  const type = headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase();
  if (type === fileTypes.predictions) return 'predictions';
  return type === fileTypes.package ? 'package' : 'picture';
}

const limits: Readonly<Record<WorkFile, number>> = { picture: pictureLimits.bytes, ...fileLimits };

const tooLarge = (holds: WorkFile): FailureError => {
  const name = { picture: 'A picture', predictions: 'A table of predictions', package: 'A package' }[holds];
  return new FailureError(fail('TOO_LARGE', `${name} may have ${Math.floor(limits[holds] / 1e6)} MB.`));
};

/**
 * Lets pictures, tables and zips in as the body of a request: of people who are signed in only, and not a byte beyond the
 * limit, so that a stranger cannot fill the memory.
 */
export function installFileBody(fastify: FastifyInstance, tokens: TokenService): void {
  const read = async (request: FastifyRequest, body: AsyncIterable<Buffer>): Promise<Buffer> => {
    const token = /^Bearer (\S{1,4000})$/i.exec(request.headers.authorization ?? '')?.[1];
    orThrow(token === undefined ? fail('UNAUTHENTICATED') : await tokens.verify(token));
    const holds = heldBy(request);
    if (Number(request.headers['content-length'] ?? 0) > limits[holds]) throw tooLarge(holds);
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      if (length > limits[holds]) throw tooLarge(holds);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  };
  fastify.addContentTypeParser(/^image\//, read);
  fastify.addContentTypeParser(Object.values(fileTypes), read);
}
