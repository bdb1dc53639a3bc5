import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, FailureError } from '#libs/kernel';
import { fileLimits, fileTypes } from '#libs/grading';
import { pictureLimits } from '#libs/imaging';
import type { RateLimiter } from '#libs/identity';
import { uploadTurn, type WorkFile } from '#libs/learning';
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
  const type = headers['content-type']?.split(';', 1)[0]!.trim().toLowerCase() ?? '';
  return bodyTypes.get(type) ?? 'picture';
}

/** Besides pictures, with what browsers on Windows call tables and zips. */
const bodyTypes: ReadonlyMap<string, WorkFile> = new Map([
  [fileTypes.predictions, 'predictions'],
  ['application/vnd.ms-excel', 'predictions'],
  [fileTypes.package, 'package'],
  ['application/x-zip-compressed', 'package'],
]);

const limits: Readonly<Record<WorkFile, number>> = { picture: pictureLimits.bytes, ...fileLimits };

const tooLarge = (holds: WorkFile): FailureError => {
  const name = { picture: 'A picture', predictions: 'A table of predictions', package: 'A package' }[holds];
  return new FailureError(fail('TOO_LARGE', `${name} may have ${Math.floor(limits[holds] / 1e6)} MB.`));
};

/**
 * Lets pictures, tables and zips in as the body of a request: of people who are signed in only, so many in a minute, and not a
 * byte beyond the limit, so that nobody can fill the memory.
 */
export function installFileBody(fastify: FastifyInstance, tokens: TokenService, limiter: RateLimiter): void {
  const read = async (request: FastifyRequest, body: AsyncIterable<Buffer>): Promise<Buffer> => {
    const token = /^Bearer (\S{1,4000})$/i.exec(request.headers.authorization ?? '')?.[1];
    const actor = orThrow(token === undefined ? fail('UNAUTHENTICATED') : await tokens.verify(token));
    const holds = heldBy(request);
    const tooMany = await uploadTurn(limiter, actor, holds);
    if (tooMany !== null) throw new FailureError(tooMany);
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
  fastify.addContentTypeParser([...bodyTypes.keys()], read);
}
