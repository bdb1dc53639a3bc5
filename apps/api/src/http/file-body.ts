import type { FastifyInstance, FastifyRequest } from 'fastify';
import { fail, FailureError, type Failure } from '#libs/kernel';
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
  return heldIn(headers['content-type'] ?? '');
}

/** What a file of a media type holds. */
export function heldIn(mediaType: string): WorkFile {
  return bodyTypes.get(mediaType.split(';', 1)[0]!.trim().toLowerCase()) ?? 'picture';
}

/** Refuses what is longer than such a file may be. @param bytes its length */
export function refuseLength(holds: WorkFile, bytes: number): Failure | null {
  if (bytes <= fileBytes[holds]) return null;
  const name = { picture: 'A picture', predictions: 'A table of predictions', package: 'A package' }[holds];
  return fail('TOO_LARGE', `${name} may have ${Math.floor(fileBytes[holds] / 1e6)} MB.`);
}

/** Besides pictures, with what browsers on Windows call tables and zips. */
const bodyTypes: ReadonlyMap<string, WorkFile> = new Map([
  [fileTypes.predictions, 'predictions'],
  ['application/vnd.ms-excel', 'predictions'],
  [fileTypes.package, 'package'],
  ['application/x-zip-compressed', 'package'],
]);

/** Bytes that a file may have. */
export const fileBytes: Readonly<Record<WorkFile, number>> = { picture: pictureLimits.bytes, ...fileLimits };

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
    const checkLength = (length: number): void => {
      const tooLong = refuseLength(holds, length);
      if (tooLong !== null) throw new FailureError(tooLong);
    };
    checkLength(Number(request.headers['content-length'] ?? 0));
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of body) {
      length += chunk.length;
      checkLength(length);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks, length);
  };
  fastify.addContentTypeParser(/^image\//, read);
  fastify.addContentTypeParser([...bodyTypes.keys()], read);
}
